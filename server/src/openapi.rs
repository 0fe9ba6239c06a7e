//! The API document, built from the same endpoints as the routes, and a page to read it.

use std::any::TypeId;

use app::api::{Access, BASE, Code, Empty, Endpoint, Media, Method, Problem};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder, Schema,
};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// The document as it is built up.
#[derive(Debug)]
pub struct Document {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Default for Document {
    /// A document without calls.
    fn default() -> Self {
        let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
        Problem::schemas(&mut schemas);
        Self { paths: Paths::new(), schemas }
    }
}

impl Document {
    /// Adds a call.
    pub fn add<E: Endpoint>(&mut self) {
        let body = self.content::<E::Body>(E::BODY);
        let reply = self.content::<E::Reply>(E::REPLY);
        let mut parameters = E::Path::into_params(|| Some(ParameterIn::Path));
        parameters.extend(E::Query::into_params(|| Some(ParameterIn::Query)));
        self.operation(
            &Described {
                name: E::NAME,
                summary: E::SUMMARY.trim(),
                method: E::METHOD,
                path: E::PATH,
                access: E::ACCESS,
                problems: E::PROBLEMS,
            },
            parameters,
            body,
            reply,
        );
    }

    fn content<T: ToSchema + 'static>(&mut self, media: Media) -> Option<(&'static str, Content)> {
        if TypeId::of::<T>() == TypeId::of::<Empty>() {
            return None;
        }
        let name = T::name().into_owned();
        T::schemas(&mut self.schemas);
        self.schemas.push((name.clone(), T::schema()));
        let kind = match media {
            Media::Json => "application/json",
            Media::File => "application/octet-stream",
            Media::Events => "text/event-stream",
        };
        Some((kind, Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name(name))))))
    }

    fn operation(
        &mut self,
        call: &Described,
        parameters: Vec<utoipa::openapi::path::Parameter>,
        body: Option<(&'static str, Content)>,
        reply: Option<(&'static str, Content)>,
    ) {
        let tag = call.path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(call.name))
            .summary(Some(call.summary))
            .description(Some(access_in_words(call.access)))
            .tag(tag);
        if !parameters.is_empty() {
            operation = operation.parameters(Some(parameters));
        }
        if let Some((kind, content)) = body {
            let body = RequestBodyBuilder::new().content(kind, content).required(Some(Required::True)).build();
            operation = operation.request_body(Some(body));
        }
        operation = match reply {
            Some((kind, content)) => {
                operation.response("200", ResponseBuilder::new().description("Done.").content(kind, content).build())
            }
            None => operation.response("204", ResponseBuilder::new().description("Done.").build()),
        };
        for (status, codes) in problems_by_status(call.problems, call.access) {
            let names: Vec<String> = codes.iter().map(|code| format!("`{}`", code_name(*code))).collect();
            let content = Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name(Problem::name()))));
            let response = ResponseBuilder::new()
                .description(names.join(", "))
                .content("application/problem+json", content)
                .build();
            operation = operation.response(status.to_string(), response);
        }
        if call.access != Access::Public {
            operation = operation
                .security(SecurityRequirement::new("cookie", Vec::<String>::new()))
                .security(SecurityRequirement::new("bearer", Vec::<String>::new()));
        }
        let method = match call.method {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
            Method::Put => HttpMethod::Put,
            Method::Delete => HttpMethod::Delete,
        };
        self.paths.add_path_operation(format!("{BASE}{}", call.path), vec![method], operation);
    }

    /// The whole document.
    pub fn finish(self) -> OpenApi {
        let components = ComponentsBuilder::new()
            .schemas_from_iter(self.schemas)
            .security_scheme(
                "bearer",
                SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
            )
            .security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-session"))))
            .build();
        let description = "The API of Fingertip 指尖办理. Dates are `YYYY-MM-DD`, instants RFC 3339, durations half days \
            as integers; an officer is named by the 工号, everything else by UUID. Every failure is \
            `application/problem+json` with a stable `code`.";
        OpenApiBuilder::new()
            .info(
                InfoBuilder::new()
                    .title("Fingertip 指尖办理")
                    .version(env!("CARGO_PKG_VERSION"))
                    .description(Some(description))
                    .build(),
            )
            .paths(self.paths)
            .components(Some(components))
            .build()
    }
}

struct Described {
    name: &'static str,
    summary: &'static str,
    method: Method,
    path: &'static str,
    access: Access,
    problems: &'static [Code],
}

fn access_in_words(access: Access) -> String {
    match access {
        Access::Public => "Everybody may call it.".to_owned(),
        Access::Own => "Every signed-in officer may call it, for what is his own.".to_owned(),
        Access::Party => "Every signed-in officer who has a part in the thing may call it.".to_owned(),
        Access::May(permission) => format!("Needs the permission `{}`.", permission_name(permission)),
        Access::MayEither(one, other) => {
            format!("Needs the permission `{}` or `{}`.", permission_name(one), permission_name(other))
        }
    }
}

fn permission_name(permission: app::api::Permission) -> String {
    serde_json::to_value(permission).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn code_name(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn problems_by_status(own: &[Code], access: Access) -> std::collections::BTreeMap<u16, Vec<Code>> {
    let general: &[Code] = match access {
        Access::Public => &[Code::BadInput],
        Access::Own | Access::Party => &[Code::BadInput, Code::SignedOut],
        Access::May(_) | Access::MayEither(..) => &[Code::BadInput, Code::SignedOut, Code::NotAllowed],
    };
    let mut by_status = std::collections::BTreeMap::<u16, Vec<Code>>::new();
    for code in general.iter().chain(own) {
        let codes = by_status.entry(code.status()).or_default();
        if !codes.contains(code) {
            codes.push(*code);
        }
    }
    by_status
}

/// `/api/openapi.json` and the page `/api/docs`.
pub fn routes(document: &OpenApi) -> axum::Router<crate::state::AppState> {
    use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
    let json: axum::body::Bytes = document.to_pretty_json().unwrap_or_default().into();
    let page: axum::body::Bytes = docs::page(document).into();
    axum::Router::new()
        .route("/api/openapi.json", axum::routing::get(async move || ([(CONTENT_TYPE, "application/json")], json)))
        .route(
            "/api/docs",
            axum::routing::get(async move || {
                let policy = "default-src 'none'; style-src 'unsafe-inline'";
                ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy)], page)
            }),
        )
}

mod docs;
