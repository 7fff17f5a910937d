//! The workflow's public HTTP interface and the console's static files.
//!
//! What it is: one module per resource with its routes (`catalogue.rs`, `requests.rs`, …), the wire forms ([`wire`]), the
//! one mapping from what goes wrong to what is answered ([`problem`]), the extractors that handlers take (`extract.rs`),
//! the edge that every request passes (`edge.rs`), the guard of paths (`path_guard.rs`), the console's files
//! (`statics.rs`) and the OpenAPI document ([`openapi`]). A handler parses, calls one method of the application, renders.
//!
//! What it is not: it decides nothing. Who may do what is asked of the policy by the application, what the law says is
//! the domain's; it knows no SQL, no key and no data plane, whose routes the program mounts beside these.
//!
//! Where to start: [`routes`], then `requests.rs`, then `extract.rs`.

mod answer;
mod batch_tasks;
mod carts;
mod cases;
mod catalogue;
mod catalogue_sheets;
mod catalogue_update;
mod cross_site;
mod data_plane;
mod document;
mod edge;
mod elements;
mod extract;
mod gateways;
mod grants;
mod inbox;
mod leaks;
mod legal_time;
mod organisations;
mod papers;
mod path_guard;
mod people;
pub mod problem;
mod problem_titles;
mod problem_views;
mod public;
mod record;
mod reminders;
mod request_time;
mod requests;
mod row_text;
mod samples;
mod scorecards;
mod session;
mod sources;
mod state;
mod statics;
mod system_identity;
mod systems;
pub mod wire;

pub use document::{Route, openapi, route_list};
pub use path_guard::path_guarded;
pub use state::{Chances, Clock, HttpState, Regions};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

/// Where the interface begins.
pub(crate) const PREFIX: &str = "/api/v1";

/// The routes whose bodies are JSON.
pub(crate) fn json_routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(people::routes())
        .merge(organisations::routes())
        .merge(sources::routes())
        .merge(catalogue::routes())
        .merge(catalogue_update::routes())
        .merge(requests::routes())
        .merge(carts::routes())
        .merge(inbox::routes())
        .merge(grants::routes())
        .merge(cases::routes())
        .merge(elements::routes())
        .merge(systems::routes())
        .merge(batch_tasks::routes())
        .merge(gateways::routes())
        .merge(system_identity::routes())
        .merge(record::routes())
        .merge(scorecards::routes())
        .merge(papers::routes())
        .merge(legal_time::routes())
        .merge(reminders::routes())
}

/// The routes on which files come in or go out: they take longer and are larger than any other.
pub(crate) fn upload_routes() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().merge(sources::upload_routes()).merge(catalogue_sheets::routes()).merge(leaks::routes())
}

/// The names of the forms in which entries come in, in the order in which they are offered.
pub fn import_profiles() -> Vec<&'static str> {
    wire::import::Profile::ALL.iter().map(|profile| profile.as_str()).collect()
}

/// Every code that an answer of this room can carry, for the golden file of codes.
pub fn error_codes() -> Vec<&'static str> {
    problem_titles::codes()
}

/// The whole interface, to be served. The data plane's routes are merged beside it, behind [`path_guarded`].
pub fn routes(state: HttpState) -> Router {
    let fingerprinted = from_fn_with_state(state.clone(), extract::fingerprinted);
    let cross_site = from_fn_with_state(state.clone(), cross_site::refuse);
    let json = Router::from(json_routes())
        .layer(fingerprinted)
        .layer(DefaultBodyLimit::max(extract::BODY_BYTES_MAX))
        .layer(from_fn(edge::bounded));
    let uploads = Router::from(upload_routes()).layer(DefaultBodyLimit::disable()).layer(from_fn(edge::bounded_upload));
    let (tiles, _) = public::tile_routes();
    let public = Router::from(public::routes()).merge(tiles).layer(from_fn(edge::bounded));
    let inside =
        Router::new().nest(PREFIX, json.merge(uploads).layer(cross_site)).merge(public).fallback(statics::console_file);
    inside
        .layer(from_fn(path_guard::guard))
        .layer(CatchPanicLayer::custom(edge::panicked))
        .layer(from_fn_with_state(state.clone(), edge::pass))
        .with_state(state)
}
