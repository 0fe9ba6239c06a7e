//! The command line of Fingertip.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::ExitCode;

use app::leave::entitlement::ContractRule;
use clap::{Args, Parser, Subcommand, ValueEnum};
use server::audit::Actor;
use server::clock::Clock;
use server::config::Config;
use server::database::Database;
use server::error::Failure;
use server::files::Bucket;
use server::importing::{self, Context, Mode};
use server::serve::Tls;
use server::state::AppState;
use server::{account, backup, calendar, check, demo, leave, serve, setting};

/// Fingertip 指尖办理: the pocket office of a court's political department.
#[derive(Parser)]
#[command(name = "fingertip", version)]
struct Arguments {
    /// The folder of the embedded database, the keys and the attachments.
    #[arg(long, global = true, default_value = "data")]
    data: PathBuf,
    /// Keep attachments in an object store instead: s3://bucket/folder, with its settings in AWS_ENDPOINT, AWS_REGION,
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
    #[arg(long, global = true, env = "FINGERTIP_ATTACHMENTS")]
    attachments: Option<String>,
    /// Another database: postgres://user:password@host/name
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app and the API.
    Serve(ServeArguments),
    /// Bring the database schema up to date.
    Migrate,
    /// Import a file of the HR office.
    Import(ImportArguments),
    /// Look after an officer's account.
    Officer {
        #[command(subcommand)]
        command: OfficerCommand,
    },
    /// Look at and change the settings of leave.
    Leave {
        #[command(subcommand)]
        command: LeaveCommand,
    },
    /// Look after the work calendar.
    Calendar {
        #[command(subcommand)]
        command: CalendarCommand,
    },
    /// Make demonstration data, or name an account of it.
    Demo(DemoArguments),
    /// Check the audit chain, the sums of the ledger and the attachments.
    Check,
    /// Write the embedded database, its key and the attachments into one archive.
    Backup {
        /// The archive to write.
        file: PathBuf,
    },
    /// Unpack an archive into an empty data folder.
    Restore {
        /// The archive to read.
        file: PathBuf,
    },
}

#[derive(Args)]
struct ServeArguments {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address that phones use, when a proxy stands in front: https://fingertip.court.example
    #[arg(long, env = "FINGERTIP_ORIGIN")]
    origin: Option<String>,
    /// Serve TLS with a certificate that the server signs itself.
    #[arg(long, value_enum)]
    tls: Option<TlsKind>,
    /// Serve TLS with this certificate (PEM).
    #[arg(long, requires = "tls_key", conflicts_with = "tls")]
    tls_certificate: Option<PathBuf>,
    /// The key of that certificate (PEM).
    #[arg(long, requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Make a demonstration province at the first start.
    #[arg(long)]
    demo: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum TlsKind {
    /// A certificate kept in the data folder.
    SelfSigned,
}

#[derive(Args)]
struct ImportArguments {
    /// What the file holds.
    kind: Kind,
    /// The file.
    file: PathBuf,
    /// Read and report only.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Roster,
    Training,
    Hearings,
    Balances,
}

impl From<Kind> for app::org::api::ImportKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Roster => Self::Roster,
            Kind::Training => Self::Training,
            Kind::Hearings => Self::Hearings,
            Kind::Balances => Self::Balances,
        }
    }
}

#[derive(Subcommand)]
enum OfficerCommand {
    /// Print a one-time activation code; an active account is reset and its sessions end.
    Activate {
        /// The 工号.
        number: String,
    },
}

#[derive(Subcommand)]
enum LeaveCommand {
    /// Print, or set, what contract staff (聘用制人员) get of annual leave.
    ContractStaff {
        /// same: by years of service, as everybody; none; or days a year: 7, 7.5.
        rule: Option<ContractRule>,
    },
}

#[derive(Subcommand)]
enum CalendarCommand {
    /// Bring in the State Council's notice of a year, or an amendment of one, and count open leave anew.
    Import {
        /// A JSON file: year, papers (addresses), days [{name, date, isOffDay}].
        file: PathBuf,
        /// Look and warn only.
        #[arg(long)]
        dry_run: bool,
        /// Print the outcome as JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct DemoArguments {
    /// The seed that the data follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the 工号 of an account with this role instead.
    #[arg(long, value_name = "ROLE")]
    show: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("FINGERTIP_LOG")
        .unwrap_or_else(|_| "info,sea_orm_migration=warn".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        log.init();
    } else {
        log.json().init();
    }
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(failure) => {
            let problem = failure.to_string();
            say(&mut std::io::stderr(), &format!("fingertip: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn say(to: &mut impl Write, line: &str) {
    // A closed pipe is the reader's business.
    let _ = writeln!(to, "{line}");
}

fn print(line: &str) {
    say(&mut std::io::stdout(), line);
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let mut config = Config::new(&arguments.data);
    config.database = arguments.database;
    config.bucket = arguments.attachments.map(|url| {
        // Named one by one in the help, read as Amazon's own tools read them.
        let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_")).collect();
        Bucket { url, options }
    });
    std::fs::create_dir_all(&config.data)
        .map_err(|error| Failure::internal(format!("{}: {error}", config.data.display())))?;
    if let Command::Restore { file } = &arguments.command {
        backup::restore(&config, file)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Serve(options) = &arguments.command {
        config.origin = options.origin.clone().map(|origin| origin.trim_end_matches('/').to_owned());
    }
    let database = Database::open(&config.database_url()).await?;
    match arguments.command {
        Command::Serve(options) => serve(config, database, options).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate | Command::Restore { .. } => Ok(ExitCode::SUCCESS),
        Command::Import(options) => import(config, database, options).await.map(|()| ExitCode::SUCCESS),
        Command::Officer { command: OfficerCommand::Activate { number } } => {
            activate(AppState::new(config, database, Clock::system()).await?, &number).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Leave { command: LeaveCommand::ContractStaff { rule } } => {
            if let Some(rule) = rule {
                leave::settings::set_contract_staff(&database, &Clock::system(), &Actor::command_line(), rule).await?;
            }
            print(&leave::account::annual_setting(database.read()).await?.contract_staff.to_string());
            Ok(ExitCode::SUCCESS)
        }
        Command::Calendar { command: CalendarCommand::Import { file, dry_run, json } } => {
            let state = AppState::new(config, database, Clock::system()).await?;
            let paper = calendar::papers::parse(&importing::read_file(&file)?)?;
            let mode = if dry_run { Mode::Look } else { Mode::Apply };
            let outcome = calendar::papers::import(&state, &Actor::command_line(), paper, mode).await?;
            if outcome.applied {
                // No server has to run for it; one that runs finds nothing left to do.
                leave::recount::run_due(&state).await?;
            }
            if json {
                print(&serde_json::to_string_pretty(&outcome).map_err(Failure::internal)?);
            } else {
                print(&calendar::papers::lines(&outcome));
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo(options) => {
            let state = AppState::new(config, database, Clock::system()).await?;
            match options.show {
                Some(role) => print(&demo::show(&state, &role).await?),
                None => demo::make(&state, options.seed).await?,
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => {
            let state = AppState::new(config, database, Clock::system()).await?;
            let findings = check::check(&state).await?;
            print(&serde_json::to_string_pretty(&findings).map_err(Failure::internal)?);
            Ok(if findings.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Backup { file } => backup::backup(&config, &database, &file).await.map(|()| ExitCode::SUCCESS),
    }
}

async fn serve(config: Config, database: Database, options: ServeArguments) -> Result<(), Failure> {
    let tls = match (options.tls, options.tls_certificate, options.tls_key) {
        (_, Some(certificate), Some(key)) => Tls::Files { certificate, key },
        (Some(TlsKind::SelfSigned), ..) => Tls::SelfSigned,
        _ => Tls::Off,
    };
    let scheme = if tls == Tls::Off { "http" } else { "https" };
    let mut state = AppState::new(config, database, Clock::system()).await?;
    if options.demo && setting::get(state.database.read(), setting::DEMO).await?.is_none() {
        demo::make(&state, 1).await?;
        state.demo = true;
    }
    let accounts = if state.demo { demo::accounts(&state).await? } else { Vec::new() };
    serve::serve(state, options.listen, &tls, |address| {
        print(&format!("Fingertip 指尖办理: {scheme}://{}", reachable(address)));
        for line in accounts {
            print(&line);
        }
    })
    .await
}

/// Where a browser finds the server: `0.0.0.0` stands for every address of this computer and is none to type.
fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    // The system says from where it would send; nothing is sent to an address that is reserved for documentation.
    let outward = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        socket.local_addr()
    });
    let ip = outward.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |outward| outward.ip());
    SocketAddr::new(ip, address.port())
}

async fn import(config: Config, database: Database, options: ImportArguments) -> Result<(), Failure> {
    // Only what an import needs: it may run beside a server, and leaves nothing in memory.
    let bytes = importing::read_file(&options.file)?;
    let secrets = server::secrets::Secrets::load(&config.data).map_err(Failure::internal)?;
    let context = Context {
        database: &database,
        secrets: &secrets,
        clock: &Clock::system(),
        zone: config.zone,
        actor: Actor::command_line(),
        covers: None,
        cancel: importing::hearings::Cancel::default(),
    };
    let mode = if options.dry_run { Mode::Look } else { Mode::Apply };
    let run = importing::import(&context, options.kind.into(), bytes, mode).await?;
    if options.json {
        print(&serde_json::to_string_pretty(&run.report).map_err(Failure::internal)?);
    } else {
        print(&importing::report::lines(&run));
    }
    Ok(())
}

async fn activate(state: AppState, number: &str) -> Result<(), Failure> {
    let officer = account::store::officer_by_number(state.database.read(), number)
        .await?
        .ok_or_else(|| Failure::not_found("这个工号的干警"))?;
    let activation =
        account::issue_activation(&state, &state.secrets, &state.clock, &Actor::command_line(), &officer).await?;
    print(&activation.code);
    Ok(())
}
