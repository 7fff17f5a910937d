//! What a provider says of an HTTP service that is to be a source. Checked where sources are read; here it only passes.

use shuqiao_vocabulary::ItemType;

/// An HTTP service that answers in JSON, as one table.
#[derive(Clone)]
pub struct NewService {
    /// `https://host[:port]`, perhaps with the beginning of a path; the host must be on the node's list.
    pub base: String,
    /// The rest of the path, with what must always be in the query.
    pub path: String,
    /// Whether it is called by POST, with a JSON object, instead of GET.
    pub post: bool,
    /// The name that the table goes by.
    pub table: String,
    /// JSON pointer to the list of rows in an answer; empty when the answer is the list.
    pub rows: String,
    /// The columns; none to take them from a sample answer.
    pub columns: Vec<NewServiceColumn>,
    /// Names of the columns that name a row.
    pub key: Vec<String>,
    /// How pages follow one another.
    pub paging: NewPaging,
    /// Columns on whose equality the service can narrow the rows itself.
    pub parameters: Vec<NewServiceParameter>,
    /// How to get in.
    pub login: NewLogin,
}

/// A column of a service's rows.
#[derive(Clone)]
pub struct NewServiceColumn {
    /// Its name.
    pub name: String,
    /// JSON pointer from a row to its value.
    pub pointer: String,
    /// Its type.
    pub item_type: ItemType,
}

/// A column that the service takes as a parameter of the same meaning.
#[derive(Clone)]
pub struct NewServiceParameter {
    /// The column's name.
    pub column: String,
    /// The parameter's name.
    pub parameter: String,
}

/// How pages follow one another.
#[derive(Clone)]
pub enum NewPaging {
    /// One answer holds all rows.
    None,
    /// By the number of rows before the page.
    Offset {
        /// Parameter for that number.
        offset: String,
        /// Parameter for the size of the page.
        limit: String,
        /// That size, in rows.
        size: u32,
    },
    /// By the number of the page.
    Page {
        /// Parameter for that number.
        page: String,
        /// Parameter for the size of the page.
        limit: String,
        /// That size, in rows.
        size: u32,
        /// The number of the first page.
        first: u32,
    },
    /// By a word that each answer gives for the next.
    Cursor {
        /// Parameter for the word.
        cursor: String,
        /// JSON pointer to the word in an answer.
        next: String,
    },
}

/// How to get in. Sealed before it is stored.
#[derive(Clone)]
pub enum NewLogin {
    /// Nothing is asked for.
    None,
    /// A bearer token.
    Bearer {
        /// The token.
        token: String,
    },
    /// Basic authentication.
    Basic {
        /// User.
        user: String,
        /// Password.
        password: String,
    },
    /// A header of the service's own.
    Header {
        /// Its name.
        header: String,
        /// Its value.
        value: String,
    },
    /// OAuth 2 client credentials.
    ClientCredentials {
        /// The token endpoint.
        token_url: String,
        /// The client's id.
        client: String,
        /// Its secret.
        secret: String,
        /// Scope, if one is asked for.
        scope: Option<String>,
    },
}
