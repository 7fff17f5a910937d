-- Cases: corrections, disputes, rectifications … `body` is the stored form; `subject_*` is what the case is about.
create table sharing_case (
    id text primary key not null,
    revision bigint not null,
    kind text not null,
    number text not null,
    state text not null,
    settled bigint not null check (settled in (0, 1)),
    subject_entry text,
    subject_request text,
    subject_grant text,
    subject_case text,
    moved_at bigint not null,
    due bigint,
    body text not null,
    constraint sharing_case_number unique (number)
);
create index sharing_case_by_kind on sharing_case (kind, moved_at, id);
create index sharing_case_by_move on sharing_case (moved_at, id);
create index sharing_case_by_due on sharing_case (settled, due);
create index sharing_case_by_grant on sharing_case (subject_grant);
create index sharing_case_by_request on sharing_case (subject_request);
create index sharing_case_by_entry on sharing_case (subject_entry);
create index sharing_case_by_case on sharing_case (subject_case);

-- Whom a case concerns, in whatever part.
create table case_party (
    organisation text not null references organisation (id),
    case_id text not null references sharing_case (id),
    primary key (organisation, case_id)
);
