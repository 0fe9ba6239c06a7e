//! E-mail: one neutral line and a link.

use std::time::{Duration, UNIX_EPOCH};

use app::day::Timestamp;
use app::notice::api::{ChannelConfig, SmtpSecurity};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

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
    if let Err(error) = resolve(host, *port).await {
        return Outcome::failed(format!("连接失败：{error}"));
    }
    let tls = match security {
        SmtpSecurity::None => Ok(Tls::None),
        SmtpSecurity::Starttls => TlsParameters::new_rustls(host.clone()).map(Tls::Required),
        SmtpSecurity::Tls => TlsParameters::new_rustls(host.clone()).map(Tls::Wrapper),
    };
    let tls = match tls {
        Ok(tls) => tls,
        Err(error) => return Outcome::failed(format!("加密无法建立：{}", innermost(&error))),
    };
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.as_str())
        .port(*port)
        .tls(tls)
        .hello_name(ClientId::Domain(domain(from).to_owned()))
        .timeout(Some(STEP));
    if !username.is_empty() {
        transport = transport.credentials(Credentials::new(username.clone(), password.clone()));
    }
    match tokio::time::timeout(WHOLE, transport.build().send(mail)).await {
        Ok(Ok(_)) => Outcome::Taken,
        Ok(Err(error)) if error.is_permanent() => Outcome::Refused(format!("邮件服务器拒绝：{}", innermost(&error))),
        Ok(Err(error)) => Outcome::failed(format!("邮件没有发出：{}", innermost(&error))),
        Err(_) => Outcome::failed(format!("{} 秒内没有完成", WHOLE.as_secs())),
    }
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
    let text =
        format!("{}。\r\n\r\n查看：{}\r\n\r\n此邮件由指尖办理自动发送，请勿回复。\r\n", message.text, message.link);
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

    use super::check_host;

    #[test]
    fn the_mailer_takes_every_address_that_the_rule_takes() {
        for address in ["zhou@court.example", "z.h+notice@mail.jiangzhou.court.example", "!#$%&'*+-/=?^_`{|}~@b.cn"] {
            assert!(is_email(address) && address.parse::<lettre::Address>().is_ok(), "{address}");
        }
    }

    #[test]
    fn a_mail_server_is_a_host() {
        assert!(check_host("mail.court.example").is_ok() && check_host("10.0.0.25").is_ok());
        for bad in ["", "mail.court.example:25", "https://mail", "169.254.169.254", "mail court"] {
            assert!(check_host(bad).is_err(), "{bad}");
        }
    }
}
