//! The definitions of the forms: versions in the database, the one that comes with the program, and the calls of the page
//! on which they are edited.

use std::collections::BTreeMap;

use app::api::{Code, Problem};
use app::approval::api::{
    DefinitionFault, DefinitionItem, DefinitionList, DefinitionVersion, DefinitionView, FormValue, GetDefinition,
    LintDefinition, Linted, ListDefinitions, NewVersion, SaveDefinition, Simulate, SimulateDefinition, Simulated,
    SimulatedMember, SimulatedNode,
};
use app::approval::compile::{Explained, Member, Plan, PlanNode, simulate};
use app::approval::definition::{Definition, Value, Values};
use app::approval::lint::{Finding, judge};
use app::approval::templates;
use app::day::Timestamp;
use app::leave::types::Catalogue;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, SqlErr,
};
use uuid::Uuid;

use super::{directory, samples::Units};
use crate::audit::{self, Actor, Deed};
use crate::entity::{approval_definition, officer};
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::reference::Org;
use crate::session::Caller;
use crate::state::AppState;

/// The most versions that are listed.
const LISTED: u64 = 100;
/// The most faults that are shown.
const SHOWN: usize = 100;

/// A version of a definition.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    /// The version; 0 is the built-in one.
    pub(crate) version: i32,
    /// The definition.
    pub(crate) definition: Definition,
    /// What it was made of, where it was not written as a definition: whoever made it can read it.
    pub(crate) source: Option<String>,
    /// Who saved it.
    pub(crate) made_by: Option<Uuid>,
}

pub(super) fn mount(api: Api) -> Api {
    api.mount::<ListDefinitions, _, _, _>(list_definitions)
        .mount::<GetDefinition, _, _, _>(get_definition)
        .mount::<SaveDefinition, _, _, _>(save_definition)
        .mount::<LintDefinition, _, _, _>(lint_definition)
        .mount::<SimulateDefinition, _, _, _>(simulate_definition)
}

/// The definition by which new requests of a form are decided: the newest one that was saved, else the built-in one.
///
/// # Errors
/// The form is unknown, or the database fails.
pub(crate) async fn current(connection: &impl ConnectionTrait, form: &str) -> Result<Version, Failure> {
    let newest = newest(connection, form).await?;
    let version = newest.as_ref().map_or_else(|| with_the_program(form), read)?;
    with_own_types(connection, version).await
}

/// The row of the newest definition of leave that was saved.
///
/// # Errors
/// The database fails.
pub(crate) async fn newest_of_leave(
    connection: &impl ConnectionTrait,
) -> Result<Option<approval_definition::Model>, DbErr> {
    newest(connection, templates::LEAVE).await
}

/// The definition of leave that a row holds, or else the built-in one, with the types of a catalogue.
///
/// # Errors
/// The row cannot be read.
pub(crate) fn of_leave(row: Option<&approval_definition::Model>, catalogue: &Catalogue) -> Result<Version, Failure> {
    let mut found = row.map_or_else(|| with_the_program(templates::LEAVE), read)?;
    admit_own_types(&mut found.definition, catalogue);
    Ok(found)
}

/// The definition of leave in a version that it has or had, with the types of a catalogue.
///
/// # Errors
/// [`Code::NotFound`] for an unknown version, or the database fails.
pub(crate) async fn version_of_leave(
    connection: &impl ConnectionTrait,
    version: i32,
    catalogue: &Catalogue,
) -> Result<Version, Failure> {
    let mut found = stored(connection, templates::LEAVE, version).await?;
    admit_own_types(&mut found.definition, catalogue);
    Ok(found)
}

async fn newest(connection: &impl ConnectionTrait, form: &str) -> Result<Option<approval_definition::Model>, DbErr> {
    approval_definition::Entity::find()
        .filter(approval_definition::Column::Form.eq(form))
        .order_by_desc(approval_definition::Column::Version)
        .one(connection)
        .await
}

fn with_the_program(form: &str) -> Result<Version, Failure> {
    Ok(Version { version: 0, definition: builtin(form)?, source: None, made_by: None })
}

/// The definition of a form in a version that it has or had: a request that is submitted again keeps its own.
///
/// # Errors
/// [`Code::NotFound`] for an unknown form or version, or the database fails.
async fn of_version(connection: &impl ConnectionTrait, form: &str, version: i32) -> Result<Version, Failure> {
    let version = stored(connection, form, version).await?;
    with_own_types(connection, version).await
}

async fn stored(connection: &impl ConnectionTrait, form: &str, version: i32) -> Result<Version, Failure> {
    if version == 0 {
        return with_the_program(form);
    }
    let stored = approval_definition::Entity::find_by_id((form.to_owned(), version)).one(connection).await?;
    read(&stored.ok_or_else(|| Failure::not_found("审批流程的这个版本"))?)
}

/// The form of leave can name the types that HR has added as well.
async fn with_own_types(connection: &impl ConnectionTrait, mut version: Version) -> Result<Version, Failure> {
    if version.definition.form == templates::LEAVE {
        admit_own_types(&mut version.definition, &crate::leave::types::catalogue(connection).await?);
    }
    Ok(version)
}

/// Lets a definition of leave name the types that HR has added.
pub(crate) fn admit_own_types(definition: &mut Definition, catalogue: &Catalogue) {
    for own in catalogue.all().iter().filter(|leave_type| !leave_type.is_builtin()) {
        definition.admit("leave_type", &own.name, &own.title);
    }
}

fn read(row: &approval_definition::Model) -> Result<Version, Failure> {
    let mut definition: Definition = serde_json::from_str(&row.body).map_err(Failure::internal)?;
    // What the form fills in is the program's affair: a type of leave may have come since this version was saved.
    definition.fields = builtin(&row.form)?.fields;
    Ok(Version { version: row.version, definition, source: row.source.clone(), made_by: row.made_by })
}

/// The definition of a form that comes with the program.
fn builtin(form: &str) -> Result<Definition, Failure> {
    templates::of_form(form).ok_or_else(|| Failure::not_found("这种申请的审批流程"))
}

async fn list_definitions(call: Call<ListDefinitions>) -> Result<DefinitionList, Failure> {
    let connection = call.state.database.read();
    let mut items = Vec::with_capacity(templates::FORMS.len());
    for form in templates::FORMS {
        let newest = versions(connection, form, 1).await?.into_iter().next();
        let version = newest.ok_or_else(|| Failure::internal("a form has a version 0 at least"))?;
        items.push(DefinitionItem { form: (*form).to_owned(), version });
    }
    Ok(DefinitionList { items })
}

async fn get_definition(call: Call<GetDefinition>) -> Result<DefinitionView, Failure> {
    view(call.state.database.read(), &call.path.form, call.query.version).await
}

async fn view(connection: &impl ConnectionTrait, form: &str, version: Option<i32>) -> Result<DefinitionView, Failure> {
    let newest = current(connection, form).await?;
    let current = newest.version;
    let shown = match version {
        Some(version) if version != current => of_version(connection, form, version).await?,
        _ => newest,
    };
    let versions = versions(connection, form, LISTED).await?;
    Ok(DefinitionView {
        form: form.to_owned(),
        version: shown.version,
        current,
        definition: shown.definition,
        versions,
    })
}

/// The newest versions of a form, so many that were saved, and the built-in one.
async fn versions(
    connection: &impl ConnectionTrait,
    form: &str,
    limit: u64,
) -> Result<Vec<DefinitionVersion>, Failure> {
    let rows = approval_definition::Entity::find()
        .filter(approval_definition::Column::Form.eq(form))
        .order_by_desc(approval_definition::Column::Version)
        .limit(limit)
        .all(connection)
        .await?;
    let makers = rows.iter().filter_map(|row| row.made_by);
    let makers: Vec<(Uuid, String)> = officer::Entity::find()
        .filter(officer::Column::Id.is_in(makers))
        .select_only()
        .column(officer::Column::Id)
        .column(officer::Column::Name)
        .into_tuple()
        .all(connection)
        .await?;
    let name = |id: Option<Uuid>| makers.iter().find(|(maker, _)| Some(*maker) == id).map(|(_, name)| name.clone());
    let saved = rows.into_iter().map(|row| DefinitionVersion {
        version: row.version,
        made_at: Some(Timestamp::from_millis(row.made_at)),
        made_by: name(row.made_by),
        name: row.name,
    });
    let builtin = DefinitionVersion { version: 0, name: builtin(form)?.name, made_at: None, made_by: None };
    Ok(saved.chain([builtin]).collect())
}

async fn save_definition(call: Call<SaveDefinition>) -> Result<DefinitionView, Failure> {
    let caller = call.caller()?;
    let NewVersion { based_on, definition } = call.body()?;
    let (state, form) = (&call.state, call.path.form.as_str());
    if definition.form != form {
        let why = format!("这是“{}”的流程，不能保存为“{form}”的流程，请核对文件", definition.form);
        return Err(Failure::bad_input("definition.form", why));
    }
    let tx = state.database.begin().await?;
    let newest = current(&tx, form).await?;
    // The answer to the first try may have been lost.
    let saved_before = newest.made_by == Some(caller.id)
        && based_on.checked_add(1) == Some(newest.version)
        && newest.definition.nodes == definition.nodes
        && newest.definition.name == definition.name;
    if saved_before {
        drop(tx);
        return view(state.database.read(), form, None).await;
    }
    if newest.version != based_on {
        drop(tx);
        return Err(stale(state.database.read(), form).await?);
    }
    let org = state.reference.org(&tx).await?;
    let findings = findings(&tx, &org, &definition, &newest.definition).await?;
    refuse_faults(&findings, &definition)?;
    let next = Next { definition: &definition, source: None, action: "approval_definition.save" };
    if !add(&tx, state, caller, &newest, next).await? {
        drop(tx);
        return Err(stale(state.database.read(), form).await?);
    }
    tx.commit().await?;
    view(state.database.read(), form, None).await
}

/// A version that follows the newest one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Next<'a> {
    /// The definition.
    pub(crate) definition: &'a Definition,
    /// What it was made of.
    pub(crate) source: Option<&'a str>,
    /// The name of the deed in the trail.
    pub(crate) action: &'a str,
}

/// Writes the version that follows `newest`, with its row in the trail. Whether it came to that: of two who save at once on
/// PostgreSQL both come this far, and the key lets one of them through.
///
/// # Errors
/// The database fails.
pub(crate) async fn add(
    tx: &impl ConnectionTrait,
    state: &AppState,
    caller: &Caller,
    newest: &Version,
    next: Next<'_>,
) -> Result<bool, Failure> {
    let Next { definition, source, action } = next;
    let form = definition.form.as_str();
    let row = approval_definition::Model {
        form: form.to_owned(),
        version: newest.version + 1,
        name: definition.name.trim().to_owned(),
        body: serde_json::to_string(definition).map_err(Failure::internal)?,
        source: source.map(str::to_owned),
        made_at: state.now().millis(),
        made_by: Some(caller.id),
    };
    if let Err(error) = approval_definition::Entity::insert(row.into_active_model()).exec_without_returning(tx).await {
        let was_faster = matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)));
        return if was_faster { Ok(false) } else { Err(error.into()) };
    }
    let deed = Deed { action, subject: "approval_definition", id: form };
    audit::record(tx, &state.clock, &Actor::from(caller), deed, Some(&newest.definition), Some(definition)).await?;
    Ok(true)
}

/// The loser of a race sees the version that won.
async fn stale(connection: &impl ConnectionTrait, form: &str) -> Result<Failure, Failure> {
    let current = serde_json::to_value(view(connection, form, None).await?).map_err(Failure::internal)?;
    Ok(Problem::new(Code::StaleVersion, "流程刚刚有人保存了新版本，您的修改没有保存，请在最新版本上重新修改")
        .with_current(current)
        .into())
}

/// Refuses a definition with a fault that blocks.
///
/// # Errors
/// [`Code::BadInput`] with the first of them.
pub(crate) fn refuse_faults(findings: &[Finding], definition: &Definition) -> Result<(), Failure> {
    let blocking = findings.iter().filter(|finding| finding.blocking);
    let texts: Vec<String> = blocking.map(|finding| finding.fault.text(definition)).collect();
    let Some(first) = texts.first() else { return Ok(()) };
    let more = if texts.len() > 1 { format!("（共 {} 处问题）", texts.len()) } else { String::new() };
    Err(Failure::bad_input("definition", format!("流程没有保存：{first}{more}")))
}

/// What is wrong with a definition that shall follow this one.
///
/// # Errors
/// The database fails.
pub(crate) async fn findings(
    connection: &impl ConnectionTrait,
    org: &Org,
    definition: &Definition,
    current: &Definition,
) -> Result<Vec<Finding>, DbErr> {
    let units = Units::load(connection, org, &definition.form, [definition, current]).await?;
    Ok(judge(definition, current, &current.fields, &units.samples()))
}

async fn lint_definition(call: Call<LintDefinition>) -> Result<Linted, Failure> {
    let definition = call.body()?;
    let connection = call.state.database.read();
    let newest = current(connection, &call.path.form).await?;
    let org = call.state.reference.org(connection).await?;
    let findings = findings(connection, &org, &definition, &newest.definition).await?;
    let fault = |Finding { fault, blocking }: &Finding| DefinitionFault {
        code: fault.code().to_owned(),
        node: fault.node().map(str::to_owned),
        field: fault.field().map(str::to_owned),
        example: fault.example().map(|values| on_the_wire(values, |_| None)),
        blocking: *blocking,
        text: fault.text(&definition),
    };
    Ok(Linted {
        faults: findings.iter().take(SHOWN).map(fault).collect(),
        total: i64::try_from(findings.len()).unwrap_or(i64::MAX),
    })
}

async fn simulate_definition(call: Call<SimulateDefinition>) -> Result<Simulated, Failure> {
    let Simulate { officer: number, values, definition } = call.body()?;
    let connection = call.state.database.read();
    let form = call.path.form.as_str();
    let newest = current(connection, form).await?;
    let definition = definition.unwrap_or(newest.definition);
    let applicant = crate::account::store::officer_by_number(connection, number.trim()).await?;
    let applicant = applicant.ok_or_else(|| Failure::bad_input("officer", "没有找到这个工号，请核对"))?;
    let chosen: Vec<&String> = values.values().flat_map(FormValue::people).collect();
    let chosen = officer::Entity::find()
        .filter(officer::Column::Number.is_in(chosen.into_iter().map(String::as_str)))
        .all(connection)
        .await?;
    let id_of = |number: &String| chosen.iter().find(|row| row.number == *number).map(|row| row.id);
    let known = directory::known(applicant.clone());
    let mut filled = templates::known_of(form, known.post_class);
    for (key, value) in values {
        let value = value
            .read(id_of)
            .map_err(|number| Failure::bad_input(&format!("values.{key}"), format!("没有找到工号 {number}，请核对")))?;
        filled.insert(key, value);
    }
    let also: Vec<Uuid> = chosen.iter().map(|row| row.id).collect();
    let org = call.state.reference.org(connection).await?;
    let people = directory::load(connection, &org, &applicant, definition.rules(), &also).await?;
    let nodes = simulate(&definition, &filled, known.id, &people).map_err(Failure::Problem)?;
    let number_of = |id: &Uuid| chosen.iter().find(|row| row.id == *id).map(|row| row.number.clone());
    let problem = Plan::of(&definition, &known, None, &nodes).problem().map(|problem| problem.detail);
    Ok(Simulated { values: on_the_wire(&filled, number_of), nodes: draw(nodes), problem })
}

/// Values with people by their 工号.
fn on_the_wire(values: &Values, number_of: impl Fn(&Uuid) -> Option<String>) -> BTreeMap<String, FormValue> {
    let wire = |value: &Value| match value {
        Value::Flag(flag) => FormValue::Flag(*flag),
        Value::Integer(integer) => FormValue::Integer(*integer),
        Value::Choice(choice) => FormValue::Choice(choice.clone()),
        Value::People(people) => FormValue::People(people.iter().filter_map(&number_of).collect()),
    };
    values.iter().map(|(key, value)| (key.clone(), wire(value))).collect()
}

fn draw(explained: Vec<Explained>) -> Vec<SimulatedNode> {
    // Merging names the node of the plan, which has only those that apply.
    let applying: Vec<String> = explained.iter().filter(|node| node.applies).map(|node| node.key.clone()).collect();
    let member = |member: Member| SimulatedMember {
        officer: member.person.officer,
        name: member.person.name,
        post: member.person.post,
        stands_in_for: member.stands_in_for,
        merged_into: member.merged_into.and_then(|node| applying.get(node)).cloned(),
    };
    let node = |explained: Explained| {
        let mode = explained.node.as_ref().and_then(PlanNode::mode).map(Into::into);
        let (members, missing) = explained.node.map(|node| (node.members, node.missing)).unwrap_or_default();
        SimulatedNode {
            key: explained.key,
            title: explained.title,
            applies: explained.applies,
            condition: explained.condition,
            mode,
            members: members.into_iter().map(member).collect(),
            missing,
        }
    };
    explained.into_iter().map(node).collect()
}
