-- An entry holds clocks of two sides, the department's and the authority's, which may be due at one moment: reminders are
-- written once for each clock (`subject_kind`), and no more for each case.
-- A constraint of a table cannot be changed here, so both tables are made anew and keep their rows.

create table outbox_new (
    id text primary key not null,
    kind text not null,
    step bigint not null,
    subject_kind text not null,
    subject text not null,
    number text not null,
    due bigint not null,
    organisation text not null references organisation (id),
    role text not null,
    created bigint not null,
    delivered bigint,
    constraint outbox_once unique (subject_kind, subject, due, kind, step)
);
insert into outbox_new select * from outbox;

create table outbox_read_new (
    reminder text not null references outbox_new (id),
    person text not null references person (id),
    at bigint not null,
    primary key (reminder, person)
);
insert into outbox_read_new select * from outbox_read;

drop table outbox_read;
drop table outbox;
alter table outbox_new rename to outbox;
alter table outbox_read_new rename to outbox_read;
create index outbox_by_reader on outbox (organisation, role, created, id);
create index outbox_by_delivery on outbox (delivered, created, id);

create index catalogue_entry_by_open_due on catalogue_entry (due, id);
