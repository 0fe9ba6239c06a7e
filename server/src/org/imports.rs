//! Imports by upload: a dry run first, then the same file for good; the report as a workbook.

use app::account::rules::{Permission, Scope};
use app::api::Code;
use app::org::api::{CreateImport, DownloadImportReport, ImportKind, ImportRun};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sea_orm::EntityTrait;
use std::collections::BTreeSet;
use uuid::Uuid;

use crate::audit::Actor;
use crate::entity::import_run;
use crate::error::Failure;
use crate::importing::hearings::Cancel;
use crate::importing::{self, Context, Mode, report};
use crate::mount::{Api, Call, not_allowed};
use crate::session::Caller;

pub(super) fn mount(api: Api) -> Api {
    api.mount::<CreateImport, _, _, _>(create_import)
        .mount_response::<DownloadImportReport, _, _>(download_import_report)
}

fn permission(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Training => Permission::ImportTraining,
        ImportKind::Roster | ImportKind::Hearings | ImportKind::Balances => Permission::ImportRoster,
    }
}

/// The courts that a caller may import for; `None` stands for all.
fn covered(caller: &Caller, permission: Permission) -> Option<BTreeSet<Uuid>> {
    let mut courts = BTreeSet::new();
    for grant in caller.grants.iter().filter(|grant| grant.role.permissions().contains(&permission)) {
        match &grant.scope {
            Scope::Province => return None,
            Scope::Courts { ids } => courts.extend(ids.iter().copied()),
            Scope::Own | Scope::Departments { .. } | Scope::Classes { .. } => {}
        }
    }
    Some(courts)
}

async fn create_import(call: Call<CreateImport>) -> Result<ImportRun, Failure> {
    let caller = call.caller()?;
    let permission = permission(call.path.kind);
    if !caller.may_somewhere(permission) {
        return Err(not_allowed());
    }
    let state = &call.state;
    let cancel = Cancel { elsewhere: call.query.cancel_elsewhere, missing: call.query.cancel_missing };
    let context = Context {
        database: &state.database,
        secrets: &state.secrets,
        clock: &state.clock,
        zone: state.config.zone,
        actor: Actor::from(&**caller),
        covers: covered(caller, permission),
        // Whoever looks sees what could be cancelled, whatever he chooses later.
        cancel: if call.query.dry_run { Cancel::default() } else { cancel },
    };
    let mode = if call.query.dry_run { Mode::Look } else { Mode::Apply };
    let run = importing::import(&context, call.path.kind, call.bytes.to_vec(), mode).await?;
    if mode == Mode::Apply {
        state.callers.invalidate_all();
    }
    Ok(run)
}

async fn download_import_report(call: Call<DownloadImportReport>) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let row = import_run::Entity::find_by_id(call.path.id)
        .one(call.state.database.read())
        .await?
        // A report names people; whoever may not import everywhere sees his own reports only.
        .filter(|row| row.officer_id == Some(caller.id) || covered(caller, Permission::ImportRoster).is_none())
        .ok_or_else(|| Failure::not_found("这份导入报告"))?;
    let run =
        importing::stored(&row).ok_or_else(|| Failure::new(Code::Internal, "这份导入报告已损坏，请重新导入一次"))?;
    let bytes = report::workbook(&run)?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    );
    let name = format!("attachment; filename=\"import-report-{}.xlsx\"", run.kind.as_str());
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Failure::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
