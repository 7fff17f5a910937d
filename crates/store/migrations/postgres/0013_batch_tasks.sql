-- Tasks of batch exchange (批量交换任务): what the requester has brought into a target of its own. The login of the target
-- is sealed.
create table batch_task (
    id text primary key,
    revision bigint not null,
    grant_id text not null references sharing_grant (id),
    requester text not null references organisation (id),
    set_up_by text not null references person (id),
    set_up_at bigint not null,
    change_item text,
    overlap bigint not null,
    place text not null,
    sealed_target bytea not null,
    target_table text not null,
    schedule text not null,
    since_at bigint not null,
    state text not null,
    state_by text references person (id),
    state_at bigint
);

create index batch_task_by_grant on batch_task (grant_id, id);
create index batch_task_by_state on batch_task (state, id);

-- How runs ended: counts and codes, never a value. One row for each run that is recorded in the journal.
create table batch_run (
    id text primary key,
    task text not null references batch_task (id),
    begun_at bigint not null,
    ended_at bigint not null,
    row_count bigint not null,
    bad_count bigint not null,
    digest text,
    code text
);

create index batch_run_by_task on batch_run (task, begun_at);
