//! What happens to leave after it is approved: 续假, 销假 and its confirmation, reports that are missing.

pub(super) mod extend;
pub(crate) mod overdue;
pub(crate) mod report;
pub(crate) mod series;
pub(crate) mod settings;

mod returning;

use crate::mount::Api;

pub(super) fn mount(api: Api) -> Api {
    overdue::mount(settings::mount(returning::mount(extend::mount(api))))
}
