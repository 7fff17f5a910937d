-- The tables. This file and its twin for the other database differ in one word only: bytea here is blob there.
-- Ids are text, moments are microseconds of UTC, flags are 0 or 1, `body` is the stored form of the aggregate as JSON;
-- columns beside a body repeat what is searched or sorted by.

create table organisation (
    id text primary key not null,
    name text not null,
    short_name text not null,
    kind text not null,
    level text not null,
    region text not null,
    code text,
    constraint organisation_name unique (name),
    constraint organisation_code unique (code)
);

create table person (
    id text primary key not null,
    login text not null,
    name text not null,
    organisation text not null references organisation (id),
    roles text not null,
    active bigint not null check (active in (0, 1)),
    password text,
    lock_failures bigint not null default 0,
    lock_until bigint,
    constraint person_login unique (login)
);
create index person_by_organisation on person (organisation, id);

create table session (
    token_digest bytea primary key not null,
    person text not null references person (id),
    expires bigint not null
);
create index session_by_person on session (person);
create index session_by_expiry on session (expires);

-- A person has one link at most: a new one ends the old one.
create table one_time_link (
    token_digest bytea primary key not null,
    person text not null references person (id),
    expires bigint not null,
    constraint one_time_link_person unique (person)
);

create table source (
    id text primary key not null,
    revision bigint not null,
    provider text not null references organisation (id),
    name text not null,
    source_type text not null,
    place text not null,
    sealed_location bytea not null,
    structure text not null,
    described_at bigint not null,
    constraint source_name unique (provider, name)
);

create table catalogue_entry (
    id text primary key not null,
    revision bigint not null,
    provider text not null references organisation (id),
    state text not null,
    attribute text,
    moved_at bigint not null,
    published_at bigint,
    number text,
    search_text text not null,
    body text not null,
    constraint catalogue_entry_number unique (number)
);
create index catalogue_entry_by_state on catalogue_entry (state, moved_at, id);
create index catalogue_entry_by_provider on catalogue_entry (provider, moved_at, id);
create index catalogue_entry_by_move on catalogue_entry (moved_at, id);

create table sharing_request (
    id text primary key not null,
    revision bigint not null,
    number text not null,
    entry text not null references catalogue_entry (id),
    requester text not null references organisation (id),
    provider text not null references organisation (id),
    state text not null,
    moved_at bigint not null,
    due bigint,
    body text not null,
    constraint sharing_request_number unique (number)
);
create index sharing_request_by_requester on sharing_request (requester, moved_at, id);
create index sharing_request_by_provider on sharing_request (provider, moved_at, id);
create index sharing_request_by_entry on sharing_request (entry, moved_at, id);
create index sharing_request_by_state on sharing_request (state, moved_at, id);
create index sharing_request_by_due on sharing_request (due);

create table sharing_grant (
    id text primary key not null,
    revision bigint not null,
    request text not null references sharing_request (id),
    entry text not null references catalogue_entry (id),
    requester text not null references organisation (id),
    provider text not null references organisation (id),
    state text not null,
    valid_until text not null,
    agreed_at bigint not null,
    body text not null,
    constraint sharing_grant_request unique (request)
);
create index sharing_grant_by_requester on sharing_grant (requester, agreed_at, id);
create index sharing_grant_by_provider on sharing_grant (provider, agreed_at, id);
create index sharing_grant_by_entry on sharing_grant (entry, agreed_at, id);
create index sharing_grant_by_state on sharing_grant (state, valid_until);

create table department_system (
    id text primary key not null,
    revision bigint not null,
    organisation text not null references organisation (id),
    name text not null,
    secret_digests text not null,
    active bigint not null check (active in (0, 1))
);
create index department_system_by_organisation on department_system (organisation, id);

create table counter (
    name text primary key not null,
    value bigint not null
);

create table idempotency (
    actor text not null,
    key text not null,
    fingerprint bytea not null,
    subject text not null,
    at bigint not null,
    primary key (actor, key)
);
create index idempotency_by_moment on idempotency (at);

-- What happened, in full. `body` is what the leaf's digest covers; the other columns repeat what is searched by.
create table journal (
    log_index bigint primary key not null,
    at bigint not null,
    event text not null,
    actor text,
    subject text not null,
    salt bytea not null,
    body text not null
);
create index journal_by_subject on journal (subject, log_index);
create index journal_by_actor on journal (actor, log_index);
create index journal_by_event on journal (event, log_index);

create table journal_related (
    subject text not null,
    log_index bigint not null references journal (log_index),
    primary key (subject, log_index)
);

-- The bytes of each leaf.
create table log_leaf (
    log_index bigint primary key not null,
    entry bytea not null
);

-- The hashes of complete subtrees, by their place in the order in which the log makes them.
create table log_node (
    place bigint primary key not null,
    hash bytea not null
);

-- One row: how many leaves there are.
create table log_head (
    id bigint primary key not null check (id = 1),
    size bigint not null
);
insert into log_head (id, size) values (1, 0);

create table checkpoint (
    size bigint primary key not null,
    root bytea not null,
    note text not null,
    at bigint not null
);
