-- Papers that were made: what they say, the files, and the digests by which they are recognised.

create table paper (
    number text primary key not null,
    kind text not null,
    subject text not null,
    subject_revision bigint not null,
    issuer text not null references organisation (id),
    issued_by text not null,
    issued_for text not null,
    issued_at bigint not null,
    content_digest bytea not null,
    file_digest bytea not null,
    file_sha256 bytea not null,
    content text not null,
    file bytea not null,
    constraint paper_of_revision unique (subject, kind, subject_revision)
);
create index paper_by_subject on paper (subject, issued_at, number);

-- INVARIANT (journal-append-only): a paper that was made stays as it was made.

create trigger paper_no_change before update or delete or truncate on paper
for each statement execute function refuse_change();
