//! The form of a channel: what it carries, for whom, and what it needs to know to send.

use app::notice::api::{Channel, ChannelConfig, ChannelSettings, SmtpSecurity};
use app::notice::rules::{ChannelKind, NoticeKind, PUSH_SERVICES};
use leptos::prelude::*;
use uuid::Uuid;

use super::settings_view::{clock, hours, quiet_hours};
use super::words::kind_name;
use crate::i18n::{Locale, td_string};
use crate::kit::{Callout, Choice, Choices, Field, Input, Kind, Switch, TextArea, Tone};

/// The kinds of channels in words.
pub fn channel_kind_name(locale: Locale, kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Webhook => td_string!(locale, notice.channel_webhook),
        ChannelKind::Wecom => td_string!(locale, notice.channel_wecom),
        ChannelKind::Dingtalk => td_string!(locale, notice.channel_dingtalk),
        ChannelKind::Feishu => td_string!(locale, notice.channel_feishu),
        ChannelKind::Smtp => td_string!(locale, notice.channel_smtp),
        ChannelKind::WebPush => td_string!(locale, notice.channel_web_push),
    }
}

fn security_name(security: SmtpSecurity) -> &'static str {
    match security {
        SmtpSecurity::Tls => "tls",
        SmtpSecurity::Starttls => "starttls",
        SmtpSecurity::None => "none",
    }
}

/// What a channel carries, and for whom, as it is typed.
#[derive(Clone, Copy, Debug)]
pub struct ChannelForm {
    /// The name.
    pub name: RwSignal<String>,
    /// Whether it carries anything.
    pub enabled: RwSignal<bool>,
    /// The id of a court; the whole province when empty.
    pub court: RwSignal<String>,
    /// The id of a department of that court; all when empty.
    pub department: RwSignal<String>,
    /// The kinds of notices.
    pub kinds: RwSignal<Vec<NoticeKind>>,
    /// Whether it has quiet hours of its own.
    pub quiet: RwSignal<bool>,
    /// When they begin, as `HH:MM`.
    pub from: RwSignal<String>,
    /// When they end.
    pub to: RwSignal<String>,
}

impl Default for ChannelForm {
    fn default() -> Self {
        let text = || RwSignal::new(String::new());
        let form = Self {
            name: text(),
            enabled: RwSignal::new(true),
            court: text(),
            department: text(),
            kinds: RwSignal::new(Vec::new()),
            quiet: RwSignal::new(false),
            from: text(),
            to: text(),
        };
        form.clear();
        form
    }
}

impl ChannelForm {
    /// A channel that carries everything for everybody.
    pub fn clear(self) {
        let settings = ChannelSettings {
            name: String::new(),
            enabled: true,
            court_id: None,
            department_id: None,
            kinds: NoticeKind::ALL.to_vec(),
            quiet: None,
        };
        self.show(&settings);
    }

    /// Shows the settings of a channel.
    pub fn show(self, settings: &ChannelSettings) {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        self.name.set(settings.name.clone());
        self.enabled.set(settings.enabled);
        self.court.set(id(settings.court_id));
        self.department.set(id(settings.department_id));
        self.kinds.set(settings.kinds.clone());
        self.quiet.set(settings.quiet.is_some());
        self.from.set(settings.quiet.map_or_else(|| "22:00".to_owned(), |quiet| clock(quiet.from)));
        self.to.set(settings.quiet.map_or_else(|| "07:00".to_owned(), |quiet| clock(quiet.to)));
    }

    /// What is typed; none while something is missing.
    pub fn settings(self) -> Option<ChannelSettings> {
        let name = self.name.with(|name| name.trim().to_owned());
        let quiet = if self.quiet.get() { Some(hours(&self.from.get(), &self.to.get())?) } else { None };
        let kinds = self.kinds.get();
        if name.is_empty() || kinds.is_empty() {
            return None;
        }
        let court_id = self.court.with(|id| Uuid::parse_str(id).ok());
        let department_id = self.department.with(|id| Uuid::parse_str(id).ok()).filter(|_| court_id.is_some());
        Some(ChannelSettings { name, enabled: self.enabled.get(), court_id, department_id, kinds, quiet })
    }
}

/// What a channel needs to know to send, as it is typed. Fields that a kind has not are left alone.
#[derive(Clone, Copy, Debug)]
pub struct ConfigForm {
    /// The name of the kind of channel.
    pub kind: RwSignal<String>,
    /// The address of a webhook or robot, the host of a mail server, the contact for push services.
    pub address: RwSignal<String>,
    /// The signing secret, or the password of the mail server.
    pub secret: RwSignal<String>,
    /// The port of the mail server.
    pub port: RwSignal<String>,
    /// How the connection to it is protected.
    pub security: RwSignal<String>,
    /// The user name there.
    pub username: RwSignal<String>,
    /// The sender's address.
    pub from: RwSignal<String>,
    /// The push services, a line each.
    pub services: RwSignal<String>,
}

impl Default for ConfigForm {
    fn default() -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        Self {
            kind: text(ChannelKind::Webhook.as_str()),
            address: text(""),
            secret: text(""),
            port: text("465"),
            security: text(security_name(SmtpSecurity::Tls)),
            username: text(""),
            from: text(""),
            services: text(&PUSH_SERVICES.join("\n")),
        }
    }
}

impl ConfigForm {
    /// Empties it for a channel of this kind. Keys that were typed before must not stand there for the next one.
    pub fn clear(self, kind: ChannelKind) {
        let blank = Self::default();
        self.kind.set(kind.as_str().to_owned());
        let fields = [
            (self.address, blank.address),
            (self.secret, blank.secret),
            (self.port, blank.port),
            (self.security, blank.security),
            (self.username, blank.username),
            (self.from, blank.from),
            (self.services, blank.services),
        ];
        for (field, blank) in fields {
            field.set(blank.get_untracked());
        }
    }

    /// The kind of channel.
    pub fn channel_kind(self) -> ChannelKind {
        self.kind.with(|name| ChannelKind::parse(name)).unwrap_or(ChannelKind::Webhook)
    }

    /// What is typed; none while something that the kind cannot do without is missing. The server judges the rest.
    pub fn config(self) -> Option<ChannelConfig> {
        let trimmed = |field: RwSignal<String>| field.with(|text| text.trim().to_owned());
        let filled = |field: RwSignal<String>| Some(trimmed(field)).filter(|text| !text.is_empty());
        let address = filled(self.address)?;
        Some(match self.channel_kind() {
            ChannelKind::Webhook => ChannelConfig::Webhook { url: address, secret: filled(self.secret)? },
            ChannelKind::Wecom => ChannelConfig::Wecom { url: address },
            ChannelKind::Dingtalk => ChannelConfig::Dingtalk { url: address, secret: filled(self.secret)? },
            ChannelKind::Feishu => ChannelConfig::Feishu { url: address, secret: filled(self.secret)? },
            ChannelKind::Smtp => {
                let chosen = self.security.get();
                let all = [SmtpSecurity::Tls, SmtpSecurity::Starttls, SmtpSecurity::None];
                ChannelConfig::Smtp {
                    host: address,
                    port: filled(self.port)?.parse().ok()?,
                    security: all.into_iter().find(|security| security_name(*security) == chosen)?,
                    username: trimmed(self.username),
                    password: self.secret.get(),
                    from: filled(self.from)?,
                }
            }
            ChannelKind::WebPush => {
                let services =
                    self.services.with(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
                if services.is_empty() {
                    return None;
                }
                ChannelConfig::WebPush { contact: address, services }
            }
        })
    }
}

/// What a channel carries, and for whom. `reach` is the choice of court and department, which has to be fetched.
pub fn settings_fields(locale: Locale, form: ChannelForm, kind: Signal<ChannelKind>, reach: AnyView) -> AnyView {
    let boxes = NoticeKind::ALL.iter().map(|&kind| kind_box(locale, form.kinds, kind)).collect_view();
    let quiet = Callback::new(move |on| form.quiet.set(on));
    let enabled = Callback::new(move |on| form.enabled.set(on));
    view! {
        <Field label=td_string!(locale, notice.channel_name) control="channel-name">
            <Input id="channel-name" value=form.name />
        </Field>
        <div class="row row-apart">
            <span>{td_string!(locale, notice.channel_enabled)}</span>
            <Switch label=td_string!(locale, notice.channel_enabled) on=form.enabled on_change=enabled />
        </div>
        {reach}
        <fieldset class="stack stack-tight">
            <legend class="field-label">{td_string!(locale, notice.channel_kinds)}</legend>
            <ul class="notice-kinds">{boxes}</ul>
        </fieldset>
        {move || {
            // On a personal channel the officer's own hours count.
            (!kind.get().is_personal())
                .then(|| {
                    view! {
                        <div class="row row-apart">
                            <span>{td_string!(locale, notice.channel_quiet)}</span>
                            <Switch label=td_string!(locale, notice.channel_quiet) on=form.quiet on_change=quiet />
                        </div>
                        {move || form.quiet.get().then(|| quiet_hours(locale, form.from, form.to))}
                    }
                })
        }}
    }
    .into_any()
}

fn kind_box(locale: Locale, kinds: RwSignal<Vec<NoticeKind>>, kind: NoticeKind) -> AnyView {
    let toggle = move |_| {
        kinds.update(|kinds| match kinds.iter().position(|one| *one == kind) {
            Some(at) => drop(kinds.remove(at)),
            None => kinds.push(kind),
        });
    };
    view! {
        <li>
            <label>
                <input
                    type="checkbox"
                    prop:checked=move || kinds.with(|kinds| kinds.contains(&kind))
                    on:change=toggle
                />
                <span>{kind_name(locale, kind)}</span>
            </label>
        </li>
    }
    .into_any()
}

/// The kinds of channels to choose from.
pub fn kind_choice(locale: Locale, kind: RwSignal<String>) -> AnyView {
    let choices =
        ChannelKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), channel_kind_name(locale, *kind))).collect();
    view! { <Choices label=td_string!(locale, notice.channel_kind) choices value=kind /> }.into_any()
}

/// What a channel of the chosen kind needs to know to send, and what that kind of channel is.
pub fn config_fields(locale: Locale, form: ConfigForm) -> AnyView {
    (move || {
        let kind = form.channel_kind();
        let (about, fields) = match kind {
            ChannelKind::Webhook => (
                td_string!(locale, notice.about_webhook),
                signed_fields(locale, form, td_string!(locale, notice.webhook_secret)),
            ),
            ChannelKind::Wecom => (td_string!(locale, notice.about_robot), robot_address(locale, form)),
            ChannelKind::Dingtalk | ChannelKind::Feishu => (
                td_string!(locale, notice.about_robot),
                signed_fields(locale, form, td_string!(locale, notice.robot_secret)),
            ),
            ChannelKind::Smtp => (td_string!(locale, notice.about_smtp), smtp_fields(locale, form)),
            ChannelKind::WebPush => (td_string!(locale, notice.about_web_push), push_fields(locale, form)),
        };
        view! {
            <p class="field-hint">{about}</p>
            {fields}
            {(kind != ChannelKind::WebPush)
                .then(|| view! { <Callout tone=Tone::Plain>{td_string!(locale, notice.keys_hidden)}</Callout> })}
        }
        .into_any()
    })
    .into_any()
}

fn robot_address(locale: Locale, form: ConfigForm) -> AnyView {
    view! {
        <Field label=td_string!(locale, notice.address) control="channel-address">
            <Input id="channel-address" value=form.address placeholder="https://" autocomplete="off" />
        </Field>
    }
    .into_any()
}

fn secret(form: ConfigForm, label: &'static str) -> AnyView {
    view! {
        <Field label=label control="channel-secret">
            <Input id="channel-secret" kind=Kind::Password value=form.secret autocomplete="new-password" />
        </Field>
    }
    .into_any()
}

fn signed_fields(locale: Locale, form: ConfigForm, label: &'static str) -> AnyView {
    view! { {robot_address(locale, form)} {secret(form, label)} }.into_any()
}

fn smtp_fields(locale: Locale, form: ConfigForm) -> AnyView {
    let choices = vec![
        Choice::new(security_name(SmtpSecurity::Tls), "TLS"),
        Choice::new(security_name(SmtpSecurity::Starttls), "STARTTLS"),
        Choice::new(security_name(SmtpSecurity::None), td_string!(locale, notice.smtp_plain)),
    ];
    view! {
        <Field label=td_string!(locale, notice.smtp_host) control="channel-address">
            <Input id="channel-address" value=form.address placeholder="mail.court.example" autocomplete="off" />
        </Field>
        <Choices label=td_string!(locale, notice.smtp_security) choices value=form.security />
        <div class="grid-2">
            <Field label=td_string!(locale, notice.smtp_port) control="channel-port">
                <Input id="channel-port" kind=Kind::Number value=form.port />
            </Field>
            <Field label=td_string!(locale, notice.smtp_from) control="channel-from">
                <Input id="channel-from" kind=Kind::Email value=form.from autocomplete="off" />
            </Field>
        </div>
        <Field
            label=td_string!(locale, notice.smtp_username)
            control="channel-username"
            optional=td_string!(locale, common.optional)
        >
            <Input id="channel-username" value=form.username autocomplete="off" />
        </Field>
        {secret(form, td_string!(locale, account.password))}
    }
    .into_any()
}

fn push_fields(locale: Locale, form: ConfigForm) -> AnyView {
    view! {
        <Field
            label=td_string!(locale, notice.push_contact)
            control="channel-address"
            hint=td_string!(locale, notice.push_contact_hint).to_owned()
        >
            <Input id="channel-address" value=form.address placeholder="mailto:it@court.example" autocomplete="off" />
        </Field>
        <Field
            label=td_string!(locale, notice.push_services)
            control="channel-services"
            hint=td_string!(locale, notice.push_services_hint).to_owned()
        >
            <TextArea id="channel-services" value=form.services max_length=2000 />
        </Field>
    }
    .into_any()
}

/// The forms that show a channel; its keys are not known and stay empty.
pub fn show(channel: &Channel, settings: ChannelForm, config: ConfigForm) {
    settings.show(&channel.settings);
    config.clear(channel.kind);
    // Which services it allows is not known either; what is common must not widen the list unseen.
    config.services.set(String::new());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(field: RwSignal<String>, text: &str) {
        field.set(text.to_owned());
    }

    #[test]
    fn a_form_is_whole_when_its_kind_has_what_it_needs() {
        Owner::new().with(|| {
            let form = ConfigForm::default();
            assert_eq!(form.config(), None, "nothing is typed yet");
            set(form.address, " https://oa.court.example/hook ");
            assert_eq!(form.config(), None, "a webhook has a secret");
            set(form.secret, "0123456789abcdef");
            let webhook = ChannelConfig::Webhook {
                url: "https://oa.court.example/hook".to_owned(),
                secret: "0123456789abcdef".to_owned(),
            };
            assert_eq!(form.config(), Some(webhook));
            form.clear(ChannelKind::Smtp);
            assert_eq!(form.config(), None, "what was typed for another is gone");
            set(form.address, "mail.court.example");
            set(form.from, "fingertip@court.example");
            let smtp = ChannelConfig::Smtp {
                host: "mail.court.example".to_owned(),
                port: 465,
                security: SmtpSecurity::Tls,
                username: String::new(),
                password: String::new(),
                from: "fingertip@court.example".to_owned(),
            };
            assert_eq!(form.config(), Some(smtp));
            set(form.port, "99999");
            assert_eq!(form.config(), None, "no port");
            form.clear(ChannelKind::WebPush);
            set(form.address, "mailto:it@court.example");
            let push = ChannelConfig::WebPush {
                contact: "mailto:it@court.example".to_owned(),
                services: PUSH_SERVICES.map(str::to_owned).to_vec(),
            };
            assert_eq!(form.config(), Some(push), "the common browsers");
            set(form.services, " \n");
            assert_eq!(form.config(), None, "nobody could be reached");
        });
    }

    #[test]
    fn settings_need_a_name_a_kind_and_whole_hours() {
        Owner::new().with(|| {
            let form = ChannelForm::default();
            assert_eq!(form.settings(), None);
            set(form.name, "民一庭群");
            let settings = form.settings().expect("all that is needed");
            assert_eq!(settings.kinds, NoticeKind::ALL);
            set(form.department, &Uuid::from_u128(7).to_string());
            assert_eq!(form.settings(), Some(settings), "a department counts within its court only");
            form.quiet.set(true);
            set(form.to, "");
            assert_eq!(form.settings(), None);
            form.quiet.set(false);
            form.kinds.set(Vec::new());
            assert_eq!(form.settings(), None);
        });
    }
}
