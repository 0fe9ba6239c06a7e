//! What happens to leave after it is approved: 续假, 销假 and its confirmation, reports that are missing, 逾期未归, 转为病假.

pub(crate) mod absence;
pub(crate) mod convert;
pub(crate) mod escalate;
pub(super) mod extend;
pub(crate) mod overdue;
pub(crate) mod report;
pub(crate) mod series;
pub(crate) mod settings;

mod absent;
mod returning;

use crate::mount::Api;

pub(super) fn mount(api: Api) -> Api {
    let api = overdue::mount(settings::mount(returning::mount(extend::mount(api))));
    convert::mount(absent::mount(absence::mount(api)))
}
