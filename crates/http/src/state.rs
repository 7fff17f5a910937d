//! What the program gives to the routes.

use shuqiao_app::{App, Chance};
use shuqiao_vocabulary::Moment;
use std::{fmt, sync::Arc};

/// Tells the time. Asked once per request, at the edge; tests move it.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// Gives chance for one request; tests give the same chance again.
pub type Chances = Arc<dyn Fn() -> Chance + Send + Sync>;

/// The administrative divisions below a code, by code and name; those at the top below the empty code.
pub type Regions = fn(&str) -> Vec<(String, String)>;

/// What every route works with.
#[derive(Clone)]
pub struct HttpState {
    /// The application.
    pub app: Arc<App>,
    /// Time enters here.
    pub clock: Clock,
    /// Chance enters here.
    pub chances: Chances,
    /// The table of divisions.
    pub regions: Regions,
}

impl HttpState {
    /// Whether browsers reach this node by TLS only, so that the session's cookie may be kept from plain connections.
    pub(crate) fn is_secure(&self) -> bool {
        self.app.node().base_url.starts_with("https://")
    }
}

impl fmt::Debug for HttpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpState(…)")
    }
}
