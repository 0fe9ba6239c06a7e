//! The approval authority of leave: the working copy of the matrix, its publication as a version of the definition, and
//! who would decide.

use app::account::rules::Permission;
use app::api::{Code, Problem};
use app::approval::api::{ChainStep, StepMode};
use app::approval::compile::{Plan, PlanKind};
use app::approval::definition::{Definition, NodeKind};
use app::approval::process::TaskState;
use app::approval::templates::MOST_HALF_DAYS;
use app::day::Timestamp;
use app::leave::api::{
    AddedRequest, AskAuthority, AskWhoDecides, Authority, AuthorityAnswer, AuthoritySaid, GetAuthority, LintAuthority,
    ListAuthorityTemplates, MatrixLinted, MatrixTemplate, MatrixTemplates, PublishAuthority, PublishMatrix,
    SaveAuthority, SaveMatrix,
};
use app::leave::authority::Matrix;
use app::leave::authority::bands::LEAST;
use app::leave::authority::changes::{changes, values};
use app::leave::authority::compile::compile;
use app::leave::authority::lint::{Fault, Finding, lint};
use app::leave::authority::templates;
use app::leave::rules::{Ask, Earlier};
use app::leave::types::{Catalogue, LeaveType};
use app::org::rules::PostClass;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::consider::consider;
use super::{FORM, chain, types};
use crate::approval::definition::{self, Next, Version};
use crate::audit::{self, Actor, Deed};
use crate::entity::officer;
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::reference::Reference;
use crate::setting;
use crate::state::AppState;

/// The setting that holds the [`Draft`] as JSON.
const SETTING: &str = "leave_authority";
/// The most findings that are shown.
const SHOWN: usize = 100;

/// The working copy as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Draft {
    version: i64,
    matrix: Matrix,
    saved_at: Timestamp,
    saved_by: Uuid,
}

pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetAuthority, _, _, _>(get_authority)
        .mount::<SaveAuthority, _, _, _>(save_authority)
        .mount::<ListAuthorityTemplates, _, _, _>(list_authority_templates)
        .mount::<LintAuthority, _, _, _>(lint_authority)
        .mount::<PublishAuthority, _, _, _>(publish_authority)
        .mount::<AskWhoDecides, _, _, _>(ask_who_decides)
}

async fn draft(connection: &impl ConnectionTrait) -> Result<Option<Draft>, Failure> {
    let stored = setting::get(connection, SETTING).await?;
    stored.map(|text| serde_json::from_str(&text)).transpose().map_err(Failure::internal)
}

/// The matrix that a version was made of. One that this program cannot read any more counts as none, which the log says.
fn published(version: &Version) -> Option<Matrix> {
    let read = serde_json::from_str(version.source.as_deref()?);
    if let Err(error) = &read {
        tracing::error!(version = version.version, %error, "The matrix of a version cannot be read.");
    }
    read.ok()
}

async fn view(connection: &impl ConnectionTrait) -> Result<Authority, Failure> {
    let newest = definition::current(connection, FORM).await?;
    let published = published(&newest);
    let draft = draft(connection).await?;
    let saved_by = match &draft {
        Some(draft) => officer::Entity::find_by_id(draft.saved_by).one(connection).await?.map(|row| row.name),
        None => None,
    };
    Ok(Authority {
        version: draft.as_ref().map_or(0, |draft| draft.version),
        saved_at: draft.as_ref().map(|draft| draft.saved_at),
        saved_by,
        matrix: draft.map(|draft| draft.matrix).or_else(|| published.clone()).unwrap_or_else(templates::standard),
        current: newest.version,
        published,
        leave_types: types::catalogue(connection).await?.all().iter().map(|known| known.name.clone()).collect(),
    })
}

/// The loser of a race sees what won.
async fn stale(connection: &impl ConnectionTrait) -> Result<Failure, Failure> {
    let current = serde_json::to_value(view(connection).await?).map_err(Failure::internal)?;
    let text = "权限表刚被他人修改，您的操作没有生效，请在最新的权限表上核对后再试";
    Ok(Problem::new(Code::StaleVersion, text).with_current(current).into())
}

async fn get_authority(call: Call<GetAuthority>) -> Result<Authority, Failure> {
    view(call.state.database.read()).await
}

async fn save_authority(call: Call<SaveAuthority>) -> Result<Authority, Failure> {
    let caller = call.caller()?;
    let SaveMatrix { version, matrix } = call.body()?;
    matrix.check_size().map_err(Failure::Problem)?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, SETTING).await?;
    let before = draft(&tx).await?;
    // The answer to the first try may have been lost.
    if before.as_ref().is_some_and(|before| before.matrix == matrix) {
        tx.rollback().await?;
        return view(state.database.read()).await;
    }
    if before.as_ref().map_or(0, |before| before.version) != version {
        tx.rollback().await?;
        return Err(stale(state.database.read()).await?);
    }
    let after = Draft { version: version + 1, matrix, saved_at: state.now(), saved_by: caller.id };
    setting::set(&tx, SETTING, &serde_json::to_string(&after).map_err(Failure::internal)?).await?;
    let deed = Deed { action: "leave_authority.save", subject: "setting", id: SETTING };
    let before = before.map(|before| before.matrix);
    audit::record(&tx, &state.clock, &Actor::from(&**caller), deed, before.as_ref(), Some(&after.matrix)).await?;
    tx.commit().await?;
    view(state.database.read()).await
}

/// The definition that comes of a matrix; like the one in force it can name the types that HR has added.
fn definition_of(matrix: &Matrix, types: &Catalogue) -> Definition {
    let mut compiled = compile(matrix);
    definition::admit_own_types(&mut compiled, types);
    compiled
}

/// What is wrong with a matrix, and with the definition that comes of it in the courts that there are.
async fn findings(
    connection: &impl ConnectionTrait,
    reference: &Reference,
    matrix: &Matrix,
    newest: &Definition,
) -> Result<Vec<Finding>, Failure> {
    let types = &reference.leave_types;
    let mut findings = lint(matrix, types);
    // A hole of the matrix is named in its own words; the definition would name it again.
    if findings.iter().any(|finding| finding.blocking) {
        return Ok(findings);
    }
    let compiled = definition_of(matrix, types);
    let of_definition = definition::findings(connection, &reference.org, &compiled, newest).await?;
    findings.extend(of_definition.into_iter().map(|finding| Finding {
        fault: Fault::Definition,
        blocking: finding.blocking,
        row: None,
        column: None,
        band: None,
        range: None,
        text: finding.fault.text(&compiled),
    }));
    findings.sort_by_key(|finding| !finding.blocking);
    Ok(findings)
}

async fn lint_authority(call: Call<LintAuthority>) -> Result<MatrixLinted, Failure> {
    let matrix = call.body()?;
    matrix.check_size().map_err(Failure::Problem)?;
    let connection = call.state.database.read();
    let reference = call.state.reference.current(connection).await?;
    let (newest, types) = (reference.leave_definition()?, &reference.leave_types);
    let mut findings = findings(connection, &reference, &matrix, &newest.definition).await?;
    let total = i64::try_from(findings.len()).unwrap_or(i64::MAX);
    findings.truncate(SHOWN);
    let changes = changes(&newest.definition, &definition_of(&matrix, types), types);
    Ok(MatrixLinted { findings, total, changes })
}

async fn list_authority_templates(call: Call<ListAuthorityTemplates>) -> Result<MatrixTemplates, Failure> {
    let reference = call.state.reference.current(call.state.database.read()).await?;
    let types = &reference.leave_types;
    let template = |template: templates::Template| MatrixTemplate {
        name: template.name.to_owned(),
        title: template.title.to_owned(),
        source: template.source.to_owned(),
        faults: i64::try_from(lint(&template.matrix, types).iter().filter(|finding| finding.blocking).count())
            .unwrap_or(i64::MAX),
        matrix: template.matrix,
    };
    Ok(MatrixTemplates { items: templates::all().into_iter().map(template).collect() })
}

async fn publish_authority(call: Call<PublishAuthority>) -> Result<Authority, Failure> {
    let caller = call.caller()?;
    let PublishMatrix { version, based_on } = call.body()?;
    let state = &call.state;
    let tx = state.database.begin().await?;
    setting::lock(&tx, SETTING).await?;
    let draft = draft(&tx).await?;
    let newest = definition::current(&tx, FORM).await?;
    let matrix = match draft {
        Some(draft) if draft.version == version => draft.matrix,
        // Nobody has saved a working copy: what is shown is what is in force, or the one that comes with the program.
        None if version == 0 => published(&newest).unwrap_or_else(templates::standard),
        _ => {
            tx.rollback().await?;
            return Err(stale(state.database.read()).await?);
        }
    };
    // In force already: it was published before, and perhaps only the answer was lost.
    if published(&newest).as_ref() == Some(&matrix) {
        tx.rollback().await?;
        return view(state.database.read()).await;
    }
    if newest.version != based_on {
        tx.rollback().await?;
        return Err(stale(state.database.read()).await?);
    }
    let reference = state.reference.current(&tx).await?;
    let findings = findings(&tx, &reference, &matrix, &newest.definition).await?;
    if let Some(problem) = refusal(&findings) {
        tx.rollback().await?;
        return Err(problem);
    }
    let compiled = definition_of(&matrix, &reference.leave_types);
    let source = serde_json::to_string(&matrix).map_err(Failure::internal)?;
    let next = Next { definition: &compiled, source: Some(&source), action: "leave_authority.publish" };
    if !definition::add(&tx, state, caller, &newest, next).await? {
        drop(tx);
        return Err(stale(state.database.read()).await?);
    }
    tx.commit().await?;
    view(state.database.read()).await
}

fn refusal(findings: &[Finding]) -> Option<Failure> {
    let blocking: Vec<&Finding> = findings.iter().filter(|finding| finding.blocking).collect();
    let first = blocking.first()?;
    let more = if blocking.len() > 1 { format!("（共 {} 处问题）", blocking.len()) } else { String::new() };
    Some(Failure::bad_input("matrix", format!("权限表没有发布：{}{more}", first.text)))
}

/// What is asked, and by which definition.
struct Question<'a> {
    leave_type: &'a LeaveType,
    definition: Definition,
    matrix: Option<Matrix>,
}

async fn ask_who_decides(call: Call<AskWhoDecides>) -> Result<AuthorityAnswer, Failure> {
    let body = call.body()?;
    let connection = call.state.database.read();
    let reference = call.state.reference.current(connection).await?;
    let (catalogue, newest) = (&reference.leave_types, reference.leave_definition()?);
    let leave_type = types::find(catalogue, &body.leave_type)?;
    let (definition, matrix) = match body.matrix.clone() {
        Some(matrix) => {
            matrix.check_size().map_err(Failure::Problem)?;
            (definition_of(&matrix, catalogue), Some(matrix))
        }
        None => (newest.definition.clone(), published(newest)),
    };
    let question = Question { leave_type, definition, matrix };
    match (&body.officer, body.post_class) {
        (Some(number), _) => of_officer(&call, &reference, &body, number, question).await,
        (None, Some(class)) => {
            let Amount::HalfDays(half_days) = amount(&body)? else {
                return Err(Failure::bad_input("from", "按日期试算请先选择一名干警，或直接填写天数"));
            };
            Ok(of_class(&question, class, half_days))
        }
        (None, None) => Err(Failure::bad_input("officer", "请选择一名干警，或选择职务类别")),
    }
}

/// How many half days decide: what does not go by days is decided like the shortest leave.
fn routed(leave_type: &LeaveType, half_days: i64) -> i64 {
    if leave_type.lane().is_absence() { half_days } else { LEAST }
}

/// How much is asked about.
enum Amount {
    HalfDays(i64),
    Time(app::day::HalfDay, app::day::HalfDay),
}

fn amount(body: &AskAuthority) -> Result<Amount, Failure> {
    match (body.half_days, body.from, body.to) {
        (Some(half_days), None, None) if (1..=MOST_HALF_DAYS).contains(&half_days) => Ok(Amount::HalfDays(half_days)),
        (None, Some(from), Some(to)) => Ok(Amount::Time(from, to)),
        (Some(_), None, None) => Err(Failure::bad_input("half_days", "天数应在0.5天到2000天之间，以半天为单位")),
        _ => Err(Failure::bad_input("half_days", "请填写天数，或填写起止时间，两者只填一种")),
    }
}

async fn of_officer(
    call: &Call<AskWhoDecides>,
    reference: &Reference,
    body: &AskAuthority,
    number: &str,
    question: Question<'_>,
) -> Result<AuthorityAnswer, Failure> {
    let state: &AppState = &call.state;
    let connection = state.database.read();
    let found = crate::account::store::officer_by_number(connection, number.trim()).await?;
    let applicant = found.ok_or_else(|| Failure::bad_input("officer", "没有找到这个工号，请核对"))?;
    let post_class = PostClass::parse(&applicant.post_class).unwrap_or(PostClass::Staff);
    let Question { leave_type, definition, matrix } = question;
    let (half_days, routed, added, refused) = match amount(body)? {
        Amount::HalfDays(asked) => (asked, routed(leave_type, asked), Vec::new(), None),
        Amount::Time(from, to) => {
            // What adjoins is leave of his, which not everybody who writes rules may see.
            if !call.caller()?.may(Permission::ReadLeave, applicant.court_id, Some(applicant.department_id)) {
                let text = "您无权查看这名干警的请假，不能按起止时间试算，请直接填写天数";
                return Err(Failure::new(Code::NotAllowed, text));
            }
            let ask = Ask { leave_type, from, to, earlier: Earlier::default() };
            let check = consider(connection, state, reference, &applicant, ask, None, None).await?.check;
            let nothing = check.refusal().filter(|_| check.routed_half_days == 0).map(|problem| problem.detail);
            (check.half_days(), check.routed_half_days, check.adjoining, nothing)
        }
    };
    let plan = match routed {
        ..1 => None,
        _ => Some(chain::plan_by(connection, reference, (&applicant, None), leave_type, routed, &definition).await?),
    };
    let added = added.into_iter().map(|added| AddedRequest {
        number: added.number,
        from: added.span.from(),
        to: added.span.to(),
        half_days: added.half_days,
    });
    Ok(AuthorityAnswer {
        post_class,
        half_days,
        routed_half_days: routed,
        added: added.collect(),
        said: said(matrix.as_ref(), post_class, leave_type, routed),
        chain: plan.as_ref().map(chain::preview).unwrap_or_default(),
        copies: plan.as_ref().map(copies).unwrap_or_default(),
        problem: refused.or_else(|| plan.as_ref().and_then(Plan::problem).map(|problem| problem.detail)),
    })
}

fn copies(plan: &Plan) -> Vec<String> {
    let nodes = plan.nodes.iter().filter(|node| node.kind == PlanKind::Copy);
    let names = nodes.map(|node| {
        let names: Vec<&str> = node.members.iter().map(|member| member.person.name.as_str()).collect();
        if names.is_empty() { node.title.clone() } else { format!("{}（{}）", node.title, names.join("、")) }
    });
    names.collect()
}

/// For somebody of a class nobody can be named: the posts are.
fn of_class(question: &Question<'_>, post_class: PostClass, half_days: i64) -> AuthorityAnswer {
    let Question { leave_type, definition, matrix } = question;
    let routed = routed(leave_type, half_days);
    let values = values(post_class, &leave_type.name, routed);
    let (mut chain, mut copies) = (Vec::new(), Vec::new());
    for node in definition.nodes.iter().filter(|node| node.when.holds(&values)) {
        let NodeKind::Decide { mode, .. } = &node.kind else {
            copies.push(node.title.clone());
            continue;
        };
        chain.push(ChainStep {
            step: i32::try_from(chain.len() + 1).unwrap_or(i32::MAX),
            mode: StepMode::from(*mode),
            officer: None,
            name: None,
            post_class: None,
            post: node.title.clone(),
            stands_in_for: None,
            state: TaskState::Waiting,
            comment: None,
            decided_at: None,
        });
    }
    let problem = chain.is_empty().then(|| "没有人审批，请补上这一档".to_owned());
    AuthorityAnswer {
        post_class,
        half_days,
        routed_half_days: routed,
        added: Vec::new(),
        said: said(matrix.as_ref(), post_class, leave_type, routed),
        chain,
        copies,
        problem,
    }
}

fn said(matrix: Option<&Matrix>, class: PostClass, leave_type: &LeaveType, half_days: i64) -> Option<AuthoritySaid> {
    let matrix = matrix?;
    let hit = matrix.decides(class, &leave_type.name, half_days)?;
    let column = &matrix.columns[hit.column];
    let bands = matrix.bands(hit.row, hit.column);
    Some(AuthoritySaid {
        row: matrix.row_text(hit.row),
        column: column.title.clone(),
        band: bands[hit.band].text_among(bands),
        route: hit.route.text(),
    })
}
