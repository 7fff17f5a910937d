//! An HTTP service as the officer says it, as the plane takes it.

use shuqiao_app::port::{NewLogin, NewPaging, NewService};
use shuqiao_plane::source::{HttpColumn, HttpLogin, HttpMethod, HttpParameter, HttpService, Paging};

pub(super) fn service_of(new: &NewService) -> HttpService {
    HttpService {
        base: new.base.clone(),
        path: new.path.clone(),
        method: if new.post { HttpMethod::Post } else { HttpMethod::Get },
        table: new.table.clone(),
        rows: new.rows.clone(),
        columns: new
            .columns
            .iter()
            .map(|column| HttpColumn {
                name: column.name.clone(),
                pointer: column.pointer.clone(),
                item_type: column.item_type.to_string(),
            })
            .collect(),
        key: new.key.clone(),
        paging: paging_of(&new.paging),
        parameters: new
            .parameters
            .iter()
            .map(|given| HttpParameter { column: given.column.clone(), parameter: given.parameter.clone() })
            .collect(),
        login: login_of(&new.login),
    }
}

fn paging_of(new: &NewPaging) -> Paging {
    match new.clone() {
        NewPaging::None => Paging::None,
        NewPaging::Offset { offset, limit, size } => Paging::Offset { offset, limit, size },
        NewPaging::Page { page, limit, size, first } => Paging::Page { page, limit, size, first },
        NewPaging::Cursor { cursor, next } => Paging::Cursor { cursor, next },
    }
}

fn login_of(new: &NewLogin) -> HttpLogin {
    match new.clone() {
        NewLogin::None => HttpLogin::None,
        NewLogin::Bearer { token } => HttpLogin::Bearer { token },
        NewLogin::Basic { user, password } => HttpLogin::Basic { user, password },
        NewLogin::Header { header, value } => HttpLogin::Header { name: header, value },
        NewLogin::ClientCredentials { token_url, client, secret, scope } => {
            HttpLogin::ClientCredentials { token_url, client, secret, scope }
        }
    }
}
