//! Files attached to a request (附件) on the wire: the photo of a hospital paper, a certificate as PDF.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, ById};
use crate::day::Timestamp;
use crate::endpoint;
use crate::leave::attachment::Kind;
use crate::org::api::File;

/// A file attached to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// The id that the caller made.
    pub id: Uuid,
    /// Its name, with the ending of what it is.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How large it is, in bytes.
    pub bytes: i64,
    /// When it was attached.
    pub attached_at: Timestamp,
    /// Whether the caller may take it off again.
    pub may_remove: bool,
}

/// The files of a request, and what may be done to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachments {
    /// The files, the oldest first.
    pub items: Vec<Attachment>,
    /// Whether the caller may add one now.
    pub may_add: bool,
    /// How large a file may be, in bytes.
    pub largest: i64,
    /// How many files a request may have.
    pub most: i64,
}

/// A file of a request in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Path))]
pub struct AttachmentPath {
    /// The request's id.
    pub id: Uuid,
    /// The file's id.
    pub attachment: Uuid,
}

/// What a file is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AttachmentName {
    /// The name on the sender's device; at most 100 characters are kept.
    #[serde(default)]
    pub name: String,
}

/// A way to a file that lasts a moment, for the caller alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentLink {
    /// The address on this site.
    pub link: String,
    /// When it ends.
    pub until: Timestamp,
}

/// What makes a link good: its end, and the server's signature over it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AttachmentTicket {
    /// When the link ends, in milliseconds since 1970.
    #[serde(default)]
    pub until: i64,
    /// The signature.
    #[serde(default)]
    pub signature: String,
}

endpoint! {
    /// Lists the files of a request: for the applicant, whoever decides or has decided on it, and HR. Who submitted it in
    /// the applicant's place is shown those that he attached himself.
    ListAttachments: Get "/leave/requests/{id}/attachments", "list_attachments", Access::Party;
    path: ById;
    reply: Attachments;
    problems: NotFound;
}
endpoint! {
    /// Attaches a file to one's own request, or to one submitted in another's place: JPEG, PNG, WebP or PDF by its bytes,
    /// whatever its name says. What a photo tells beside its picture (place, device, time) is not kept. A repeat of the id
    /// answers the same.
    AddAttachment: Put "/leave/requests/{id}/attachments/{attachment}", "add_attachment", Access::Own;
    path: AttachmentPath;
    query: AttachmentName;
    body: File;
    reply: Attachments;
    problems: NotFound, WrongState, TooLarge, UnsupportedFile, UnreadableFile, TooManyAttachments, IdReused;
    body_media: File;
}
endpoint! {
    /// Takes a file off one's own request, or one's own file off a request submitted in another's place, before anybody has
    /// decided on it or seen its papers.
    RemoveAttachment: Delete "/leave/requests/{id}/attachments/{attachment}", "remove_attachment", Access::Own;
    path: AttachmentPath;
    reply: Attachments;
    problems: NotFound, WrongState;
}
endpoint! {
    /// Opens a file: answers with a link that lasts a minute, for the caller alone. That somebody else than the applicant
    /// opened it is kept in the audit trail.
    OpenAttachment: Post "/leave/requests/{id}/attachments/{attachment}/open", "open_attachment", Access::Party;
    path: AttachmentPath;
    reply: AttachmentLink;
    problems: NotFound;
}
endpoint! {
    /// Reads a file by the link that `open_attachment` gave the caller; any other link is not found.
    ReadAttachment: Get "/leave/requests/{id}/attachments/{attachment}/file", "read_attachment", Access::Party;
    path: AttachmentPath;
    query: AttachmentTicket;
    reply: File;
    problems: NotFound;
    reply_media: File;
}
