//! E-mail: one neutral line and a link.

use std::net::SocketAddr;
use std::time::{Duration, UNIX_EPOCH};

use app::day::Timestamp;
use app::notice::api::{ChannelConfig, SmtpSecurity};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use tokio::net::TcpStream;

use super::{Message, Outcome};
use crate::notice::outbound::{innermost, read_address, resolve};

/// How long each step of the conversation may take.
const STEP: Duration = Duration::from_secs(10);
/// How long all of it may take.
const WHOLE: Duration = Duration::from_secs(30);

/// Checks the name of a mail server.
///
/// # Errors
/// What is wrong with it, in Chinese.
pub(super) fn check_host(host: &str) -> Result<(), &'static str> {
    // The same rules as for a host of https: a name or an address, and none that is reserved.
    if host.is_empty() || host.contains(['/', '?', '#', ':']) {
        return Err("请填写邮件服务器的主机名，不带端口");
    }
    read_address(&format!("https://{host}/")).map(|_| ())
}

pub(super) async fn deliver(config: &ChannelConfig, address: &str, message: &Message, now: Timestamp) -> Outcome {
    let ChannelConfig::Smtp { host, port, security, username, password, from } = config else {
        return Outcome::Refused("通道配置不是邮件".to_owned());
    };
    let mail = match compose(from, address, message, now) {
        Ok(mail) => mail,
        Err(error) => return Outcome::Refused(format!("邮件无法生成：{error}")),
    };
    let server = match tokio::time::timeout(STEP, reach(host, *port)).await {
        Ok(Ok(server)) => server,
        Ok(Err(error)) => return Outcome::failed(format!("连接失败：{error}")),
        Err(_) => return Outcome::failed(format!("{} 秒内没有连上", STEP.as_secs())),
    };
    let tls = match security {
        SmtpSecurity::None => Ok(Tls::None),
        SmtpSecurity::Starttls => TlsParameters::new_rustls(host.clone()).map(Tls::Required),
        SmtpSecurity::Tls => TlsParameters::new_rustls(host.clone()).map(Tls::Wrapper),
    };
    let tls = match tls {
        Ok(tls) => tls,
        Err(error) => return Outcome::failed(format!("加密无法建立：{}", innermost(&error))),
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.ip().to_string())
        .port(server.port())
        .tls(tls)
        .hello_name(ClientId::Domain(domain(from).to_owned()))
        .timeout(Some(STEP));
    if !username.is_empty() {
        transport = transport.credentials(Credentials::new(username.clone(), password.clone()));
    }
    match tokio::time::timeout(WHOLE, transport.build().send(mail)).await {
        Ok(Ok(_)) => Outcome::Taken,
        Ok(Err(error)) if error.status().is_some_and(is_about_the_mailbox) => {
            Outcome::Refused(format!("邮件服务器拒绝：{}", without_addresses(&innermost(&error))))
        }
        Ok(Err(error)) => Outcome::failed(format!("邮件没有发出：{}", without_addresses(&innermost(&error)))),
        Err(_) => Outcome::failed(format!("{} 秒内没有完成", WHOLE.as_secs())),
    }
}

/// The address of the server that takes a connection. The mail goes to this very address: a second look-up by the mailer
/// could lead elsewhere than where [`resolve`] allows.
async fn reach(host: &str, port: u16) -> std::io::Result<SocketAddr> {
    let mut last = None;
    for address in resolve(host, port).await? {
        match TcpStream::connect(address).await {
            Ok(_) => return Ok(address),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::ErrorKind::AddrNotAvailable.into()))
}

/// Whether an answer means that this mailbox takes no mail (RFC 5321, 4.2.3: 550 to 553). The other permanent ones, a
/// wrong password among them, can be mended by an administrator, and the mail goes out then.
fn is_about_the_mailbox(status: Code) -> bool {
    (550..=553).contains(&u16::from(status))
}

/// What a mail server said, without the addresses in it: an officer's mailbox is nothing for a log.
fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// A mail in plain text. Programs that answer mails do not answer this one (RFC 3834), and a repeat has the same id.
fn compose(
    from: &str,
    to: &str,
    message: &Message,
    now: Timestamp,
) -> Result<lettre::Message, Box<dyn std::error::Error + Send + Sync>> {
    let date = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
    let generated = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    // A path alone leads nowhere from a mail.
    let link =
        if message.link.starts_with("http") { format!("查看：{}\r\n\r\n", message.link) } else { String::new() };
    let text = format!("{}。\r\n\r\n{link}此邮件由指尖办理自动发送，请勿回复。\r\n", message.text);
    let mail = lettre::Message::builder()
        .from(from.parse()?)
        .to(to.parse()?)
        .subject(format!("指尖办理：{}", message.text))
        .date(date)
        .message_id(Some(format!("<{}@{}>", message.id, domain(from))))
        .raw_header(generated)
        .header(ContentType::TEXT_PLAIN)
        .body(text)?;
    Ok(mail)
}

#[cfg(test)]
mod tests {
    use app::notice::rules::is_email;

    use super::{check_host, without_addresses};

    #[test]
    fn the_mailer_takes_every_address_that_the_rule_takes() {
        for address in ["zhou@court.example", "z.h+notice@mail.jiangzhou.court.example", "!#$%&'*+-/=?^_`{|}~@b.cn"] {
            assert!(is_email(address) && address.parse::<lettre::Address>().is_ok(), "{address}");
        }
    }

    #[test]
    fn what_a_server_says_names_nobody() {
        let said = "5.1.1 <wang@court.example>: user wang@court.example unknown";
        assert_eq!(without_addresses(said), "5.1.1 … user … unknown");
    }

    #[test]
    fn a_mail_server_is_a_host() {
        assert!(check_host("mail.court.example").is_ok() && check_host("10.0.0.25").is_ok());
        for bad in ["", "mail.court.example:25", "https://mail", "169.254.169.254", "mail court"] {
            assert!(check_host(bad).is_err(), "{bad}");
        }
    }
}
