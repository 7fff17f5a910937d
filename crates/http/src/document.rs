//! The OpenAPI document, and the list of routes made from it.
//!
//! What holds for many operations (how one logs in, which problems there are) is put in here by what an operation is, so
//! that no handler can forget it.

use crate::{HttpState, PREFIX, answer::WORKBOOK, data_plane::DataPlane, problem::ProblemBody, wire::list::InboxTab};
use utoipa::{
    OpenApi as _, PartialSchema as _, ToSchema as _,
    openapi::{
        Components, Content, Header, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder,
        ServerBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type},
        security::{
            ApiKey, ApiKeyValue, ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityRequirement,
            SecurityScheme,
        },
        tag::TagBuilder,
    },
};
use utoipa_axum::router::OpenApiRouter;

/// A route, as tests of coverage see it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Its path, with `{names}`.
    pub path: String,
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// The operation's id, noun first.
    pub operation: String,
    /// Whether somebody must be logged in.
    pub needs_login: bool,
    /// Whether it changes something, so that it leaves a record.
    pub writes: bool,
    /// Whether `If-Match` must be given.
    pub needs_revision: bool,
}

/// Operations that are sent with POST and change nothing.
const READS_BY_POST: &[&str] = &["catalogue_import_report", "first_login_check", "source_check"];

/// Schemas on which representations build by adding fields.
const PARTS: &[&str] = &["EntryContent", "RequestContent", "Decision", "JournalItem"];

/// Schemas that are read and written: what is read has every field, what is written may lack some.
const WHOLE: &[&str] = &[
    "Classification",
    "Conditions",
    "Contact",
    "ImpactAssessment",
    "Item",
    "NotSharedBasis",
    "PersonalInformation",
    "Secrecy",
];

/// Content that is bytes, not text.
const BINARY: &[&str] =
    &["application/octet-stream", "application/pdf", "application/vnd.apache.arrow.stream", WORKBOOK];

/// Contents and the schemas of their drafts, which may lack anything.
const DRAFTS: &[(&str, &str)] = &[("EntryContent", "EntryDraft"), ("RequestContent", "RequestDraft")];

/// Every route of this room, by path and method. INVARIANT (every-route-accounted): tests of coverage go by this list.
pub fn route_list() -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, item) in &own_routes().into_openapi().paths.paths {
        for (method, operation) in operations(item) {
            let id = operation.operation_id.clone().unwrap_or_default();
            routes.push(Route {
                path: path.clone(),
                method,
                needs_login: operation.security.is_none(),
                writes: method != "GET" && !READS_BY_POST.contains(&id.as_str()),
                needs_revision: has_if_match(operation),
                operation: id,
            });
        }
    }
    routes.sort();
    routes
}

/// The routes of this room with their descriptions, before anything that holds for all of them.
pub(crate) fn own_routes() -> OpenApiRouter<HttpState> {
    let (_, tiles) = crate::public::tile_routes();
    let mut router = OpenApiRouter::new()
        .nest(PREFIX, crate::json_routes().merge(crate::upload_routes()))
        .merge(crate::public::routes());
    router.get_openapi_mut().paths.merge(tiles);
    router
}

/// The document of the whole interface, the data plane's two main paths among it.
pub fn openapi() -> OpenApi {
    let mut document = own_routes().into_openapi();
    document.merge(DataPlane::openapi());
    document.info = InfoBuilder::new()
        .title("数桥 Shuqiao")
        .description(Some(
            "Government data sharing under the Regulations on Government Data Sharing (政务数据共享条例). \
             Ids say what they name (`req_…`); moments are RFC 3339 in UTC; writes on existing things send `If-Match` with \
             the revision they saw; what goes wrong is told as problem+json (RFC 9457) with a code that is for ever.",
        ))
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.servers = Some(vec![ServerBuilder::new().url("/").build()]);
    document.tags = Some(tags());
    let components = document.components.get_or_insert_with(Components::new);
    describe_components(components);
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten() {
            describe(operation);
        }
    }
    document
}

fn operations(item: &utoipa::openapi::PathItem) -> impl Iterator<Item = (&'static str, &Operation)> {
    let by_method = [("GET", &item.get), ("PUT", &item.put), ("POST", &item.post), ("DELETE", &item.delete)];
    by_method.into_iter().filter_map(|(method, operation)| operation.as_ref().map(|operation| (method, operation)))
}

fn has_if_match(operation: &Operation) -> bool {
    parameters(operation).any(|parameter| parameter.name == "If-Match")
}

/// The parameters that are described in place, which ours all are.
fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

fn tags() -> Vec<utoipa::openapi::Tag> {
    let named = [
        ("session", "Login, session, first login"),
        ("people", "People with accounts"),
        ("organisations", "Organisations and divisions"),
        ("sources", "Sources of a provider and their files"),
        ("catalogue", "The catalogue (政务数据目录)"),
        ("requests", "Sharing requests (共享申请)"),
        ("inbox", "What waits for whom (待办)"),
        ("calendar", "Working days, rule sets and deadlines (工作日历、规则集)"),
        ("grants", "Grants (授权)"),
        ("systems", "Department systems (业务系统)"),
        ("batch-tasks", "Tasks of batch exchange (批量交换任务)"),
        ("gateways", "A provider's gateways (网关)"),
        ("record", "The journal and its proofs (日志)"),
        ("public", "What everybody may read"),
        ("data", "The data plane: tokens and calls"),
    ];
    named.into_iter().map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build()).collect()
}

fn describe_components(components: &mut Components) {
    let mut needed = Vec::new();
    ProblemBody::schemas(&mut needed);
    components.schemas.extend(needed);
    components.schemas.insert("Problem".to_owned(), ProblemBody::schema());
    components.schemas.insert(InboxTab::name().into_owned(), InboxTab::schema());
    refer_to_items(components);
    for (content, draft) in DRAFTS {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get(*content) {
            let mut object = object.clone();
            object.required = Vec::new();
            without_defaults(&mut object);
            components.schemas.insert((*draft).to_owned(), Schema::Object(object).into());
        }
    }
    for name in WHOLE.iter().chain(DRAFTS.iter().map(|(content, _)| content)) {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(*name) {
            object.required = object.properties.keys().cloned().collect();
            without_defaults(object);
        }
    }
    for name in PARTS {
        if let Some(RefOr::T(schema)) = components.schemas.get_mut(*name) {
            open(schema);
        }
    }
    let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::extract::SESSION_COOKIE));
    let system = Flow::ClientCredentials(ClientCredentials::new("/oauth2/token", Scopes::new()));
    let schemes = [
        ("session_cookie", SecurityScheme::ApiKey(cookie)),
        ("session_bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
        ("system_basic", SecurityScheme::Http(Http::new(HttpAuthScheme::Basic))),
        ("system_token", SecurityScheme::OAuth2(OAuth2::new([system]))),
    ];
    components.security_schemes.extend(schemes.map(|(name, scheme)| (name.to_owned(), RefOr::T(scheme))));
    let problem = ResponseBuilder::new()
        .description("A problem (RFC 9457)")
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build();
    components.responses.insert("Problem".to_owned(), problem.into());
}

/// Takes away defaults: what is read is always there, and what a draft lacks is lacking, not something else.
fn without_defaults(object: &mut Object) {
    for property in object.properties.values_mut() {
        match property {
            RefOr::T(Schema::Object(property)) => property.default = None,
            RefOr::T(Schema::Array(property)) => property.default = None,
            RefOr::T(Schema::OneOf(property)) => property.default = None,
            RefOr::T(_) => {}
            // Beside a reference a default cannot be taken away alone.
            RefOr::Ref(reference) => *property = RefOr::Ref(Ref::new(reference.ref_location.clone())),
        }
    }
}

/// Lists refer to the schema of their items; the macro writes it out again in each.
fn refer_to_items(components: &mut Components) {
    let known: Vec<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let item = name.strip_prefix("Page_").or_else(|| name.strip_prefix("Items_"));
        if let (Some(item), RefOr::T(Schema::Object(list))) = (item, schema)
            && known.iter().any(|name| name == item)
        {
            list.properties.insert("items".to_owned(), ArrayBuilder::new().items(Ref::from_schema_name(item)).into());
        }
    }
}

/// Takes away "no other field" from a schema that representations build on: with it, nothing could satisfy both.
fn open(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => object.additional_properties = None,
        Schema::OneOf(choices) => {
            for item in &mut choices.items {
                if let RefOr::T(schema) = item {
                    open(schema);
                }
            }
        }
        _ => {}
    }
}

/// Says of content that is bytes that it is, and of bodies that are drafts that they may lack anything.
fn describe_contents(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        for (kind, content) in &mut body.content {
            describe_content(kind, content, true);
        }
    }
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        for (kind, content) in &mut response.content {
            describe_content(kind, content, false);
        }
    }
}

fn describe_content(kind: &str, content: &mut RefOr<Content>, is_taken: bool) {
    let RefOr::T(content) = content else { return };
    let drafts = DRAFTS.iter().filter(|_| is_taken);
    for (whole, draft) in drafts {
        if matches!(&content.schema, Some(RefOr::Ref(of)) if of.ref_location.ends_with(&format!("/{whole}"))) {
            content.schema = Some(Ref::from_schema_name(*draft).into());
        }
    }
    if BINARY.contains(&kind) {
        let bytes = ObjectBuilder::new().schema_type(Type::String);
        content.schema = Some(bytes.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary))).into());
    }
}

/// What follows from what an operation is: how one logs in, which problems there are, which headers.
fn describe(operation: &mut Operation) {
    let logged_in = operation.security.is_none();
    if logged_in {
        let ways = ["session_cookie", "session_bearer"];
        operation.security = Some(ways.map(|way| SecurityRequirement::new(way, Vec::<String>::new())).to_vec());
    }
    let revision = has_if_match(operation);
    if revision {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter
                && parameter.name == "If-Match"
            {
                parameter.description = Some("The revision that was seen, in quotes: `\"3\"`".to_owned());
            }
        }
    }
    describe_contents(operation);
    let is_data = operation.tags.iter().flatten().any(|tag| tag == "data");
    let with_body = operation.request_body.is_some();
    let with_path = parameters(operation).any(|parameter| parameter.parameter_in == ParameterIn::Path);
    let mut statuses = vec!["400", "500", "503"];
    if logged_in {
        statuses.extend(["401", "403"]);
    }
    if with_path {
        statuses.push("404");
    }
    if with_body {
        statuses.extend(["413", "415", "422"]);
    }
    if revision {
        statuses.extend(["409", "422", "428"]);
    }
    if is_data {
        statuses.extend(["401", "403", "429", "502", "504"]);
    }
    if operation.operation_id.as_deref() == Some("session_create") {
        statuses.extend(["401", "429"]);
    }
    for status in statuses {
        let entry = operation.responses.responses.entry(status.to_owned());
        entry.or_insert_with(|| RefOr::Ref(Ref::new("#/components/responses/Problem")));
    }
    if logged_in && with_body && !revision {
        operation.parameters.get_or_insert_with(Vec::new).push(RefOr::T(idempotency_key()));
    }
    add_answer_headers(operation, revision);
}

/// A key for a write that may be sent twice.
fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("1 to 120 visible ASCII characters; the same write sent again is done once"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(120))))
        .build()
}

fn add_answer_headers(operation: &mut Operation, revision: bool) {
    let text = |description: &str| {
        let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
        header.description = Some(description.to_owned());
        RefOr::T(header)
    };
    if let Some(RefOr::T(created)) = operation.responses.responses.get_mut("201") {
        created.headers.insert("Location".to_owned(), text("Where it is"));
    }
    if revision && let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
        answer.headers.insert("ETag".to_owned(), text("The new revision, in quotes"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_have_ids_noun_first_and_only_once() {
        let mut ids: Vec<String> = route_list().into_iter().map(|route| route.operation).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert!(ids.iter().all(|id| !id.is_empty() && !id.starts_with("get_") && !id.starts_with("list_")));
    }

    #[test]
    fn methods_are_all_seen() {
        // A method that `operations` does not look at would be a route that no test of coverage knows.
        for item in own_routes().into_openapi().paths.paths.values() {
            assert!(item.patch.is_none() && item.head.is_none() && item.options.is_none() && item.trace.is_none());
        }
    }
}
