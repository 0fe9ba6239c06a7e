//! What an officer wants to hear outside the app.

use app::notice::api::{GetNoticeSettings, NoticeSettings, SetNoticeSettings};
use app::notice::rules::{QuietHours, is_email, kinds_of, names_of};

use crate::audit::{self, Actor, Deed};
use crate::entity::notice_preference;
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::notice::store;
use crate::secrets::{Secrets, Tag};

pub(super) fn mount(api: Api) -> Api {
    api.mount::<GetNoticeSettings, _, _, _>(get_notice_settings)
        .mount::<SetNoticeSettings, _, _, _>(set_notice_settings)
}

async fn get_notice_settings(call: Call<GetNoticeSettings>) -> Result<NoticeSettings, Failure> {
    let row = store::preference(call.state.database.read(), call.caller()?.id).await?;
    row.map_or_else(|| Ok(NoticeSettings::default()), |row| wire(&call.state.secrets, &row))
}

fn wire(secrets: &Secrets, row: &notice_preference::Model) -> Result<NoticeSettings, Failure> {
    Ok(NoticeSettings {
        muted: kinds_of(&row.muted),
        quiet: store::quiet(row.quiet_from, row.quiet_to),
        email: row.email.as_deref().map(|sealed| open_email(secrets, sealed)).transpose()?,
    })
}

/// The address of e-mail that an officer gave.
///
/// # Errors
/// The key file does not belong to the database.
pub(super) fn open_email(secrets: &Secrets, sealed: &[u8]) -> Result<String, Failure> {
    let bytes = secrets.open(sealed).map_err(Failure::internal)?;
    String::from_utf8(bytes).map_err(Failure::internal)
}

async fn set_notice_settings(call: Call<SetNoticeSettings>) -> Result<NoticeSettings, Failure> {
    let caller = call.caller()?;
    let body = call.body()?;
    if body.quiet.is_some_and(|quiet| !quiet.is_valid()) {
        return Err(Failure::bad_input("quiet", "免打扰的起止时间应为一天内两个不同的分钟数（0 至 1439）"));
    }
    let email = body.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    if email.is_some_and(|email| !is_email(email)) {
        return Err(Failure::bad_input("email", "请填写有效的邮箱地址，例如 name@court.example"));
    }
    let state = &call.state;
    let secrets = &state.secrets;
    let tx = state.database.begin().await?;
    let before = store::preference(&tx, caller.id).await?.map(|row| wire(secrets, &row)).transpose()?;
    let sealed = email.map(|email| secrets.seal(email.as_bytes()));
    store::set_preference(&tx, caller.id, names_of(&body.muted), body.quiet, sealed).await?;
    let after =
        NoticeSettings { muted: kinds_of(&names_of(&body.muted)), quiet: body.quiet, email: email.map(str::to_owned) };
    let deed = Deed { action: "notice.set_preference", subject: "officer", id: &caller.officer };
    let before = before.map(|settings| traced(secrets, &settings));
    let actor = Actor::from(&**caller);
    audit::record(&tx, &state.clock, &actor, deed, before.as_ref(), Some(&traced(secrets, &after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// The settings for the trail, which keeps a plain digest: an address could be guessed from that, a keyed one not.
fn traced(secrets: &Secrets, settings: &NoticeSettings) -> (String, Option<QuietHours>, Option<Tag>) {
    let email = settings.email.as_deref().map(|email| secrets.digest(email.as_bytes()));
    (names_of(&settings.muted), settings.quiet, email)
}
