-- Versions and announcements of catalogue entries. An entry's row holds the version that holds; the versions before it
-- stand here, so that rows of published entries from before need nothing. Announcements are what all departments read.

alter table catalogue_entry add column due bigint;
create index catalogue_entry_by_due on catalogue_entry (due);

create table catalogue_version (
    entry text not null references catalogue_entry (id),
    version bigint not null,
    published_at bigint not null,
    body text not null,
    primary key (entry, version)
);

create table announcement (
    place bigint primary key not null,
    number text not null,
    kind text not null,
    at bigint not null,
    person text not null,
    organisation text not null references organisation (id),
    entry text not null references catalogue_entry (id),
    provider text not null references organisation (id),
    name text not null,
    catalogue_number text not null,
    version bigint not null,
    constraint announcement_number unique (number)
);
create index announcement_by_entry on announcement (entry, place);

-- What was published and announced is not changed and not removed afterwards.

create trigger catalogue_version_no_update before update on catalogue_version
begin select raise(abort, 'catalogue_version is append-only'); end;

create trigger catalogue_version_no_delete before delete on catalogue_version
begin select raise(abort, 'catalogue_version is append-only'); end;

create trigger catalogue_version_no_replace before insert on catalogue_version
when exists (select 1 from catalogue_version where entry = new.entry and version = new.version)
begin select raise(abort, 'catalogue_version is append-only'); end;

create trigger announcement_no_update before update on announcement
begin select raise(abort, 'announcement is append-only'); end;

create trigger announcement_no_delete before delete on announcement
begin select raise(abort, 'announcement is append-only'); end;

create trigger announcement_no_replace before insert on announcement
when exists (select 1 from announcement where place = new.place or number = new.number)
begin select raise(abort, 'announcement is append-only'); end;
