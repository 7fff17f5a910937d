-- An entry holds clocks of two sides, the department's and the authority's, which may be due at one moment: reminders are
-- written once for each clock (`subject_kind`), and no more for each case.

alter table outbox drop constraint outbox_once;
alter table outbox add constraint outbox_once unique (subject_kind, subject, due, kind, step);

create index catalogue_entry_by_open_due on catalogue_entry (due, id);
