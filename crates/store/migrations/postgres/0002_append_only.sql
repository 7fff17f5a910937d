-- INVARIANT (journal-append-only): the database itself refuses to change or to remove what was recorded.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger journal_no_change before update or delete or truncate on journal
for each statement execute function refuse_change();

create trigger journal_related_no_change before update or delete or truncate on journal_related
for each statement execute function refuse_change();

create trigger log_leaf_no_change before update or delete or truncate on log_leaf
for each statement execute function refuse_change();

create trigger log_node_no_change before update or delete or truncate on log_node
for each statement execute function refuse_change();

-- The log only grows.

create trigger log_head_no_change before insert or delete or truncate on log_head
for each statement execute function refuse_change();

create trigger log_head_grows before update on log_head
for each row when (new.size <= old.size or new.id <> old.id) execute function refuse_change();
