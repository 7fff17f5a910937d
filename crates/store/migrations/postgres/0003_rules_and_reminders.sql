-- Rule sets and notices of the calendar: adopted, superseded by newer ones, never edited. `position` is their order.
create table rule_set (
    id text primary key not null,
    position bigint not null,
    at bigint not null,
    body text not null,
    constraint rule_set_position unique (position)
);

create table calendar_notice (
    id text primary key not null,
    position bigint not null,
    number text not null,
    at bigint not null,
    body text not null,
    constraint calendar_notice_position unique (position),
    constraint calendar_notice_number unique (number)
);

-- Reminders that wait to be read and, outside, to be delivered. One for each case, due moment and step.
create table outbox (
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
    constraint outbox_once unique (subject, due, kind, step)
);
create index outbox_by_reader on outbox (organisation, role, created, id);
create index outbox_by_delivery on outbox (delivered, created, id);

create table outbox_read (
    reminder text not null references outbox (id),
    person text not null references person (id),
    at bigint not null,
    primary key (reminder, person)
);

create index sharing_request_by_open_due on sharing_request (due, id);

-- INVARIANT (journal-append-only): what the law was here on a day is part of the record.

create trigger rule_set_no_change before update or delete or truncate on rule_set
for each statement execute function refuse_change();

create trigger calendar_notice_no_change before update or delete or truncate on calendar_notice
for each statement execute function refuse_change();
