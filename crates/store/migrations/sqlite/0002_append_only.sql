-- INVARIANT (journal-append-only): the database itself refuses to change or to remove what was recorded.
-- An insert is refused too when the row is already there: `insert or replace` removes rows without a delete trigger.

create trigger journal_no_update before update on journal
begin select raise(abort, 'journal is append-only'); end;

create trigger journal_no_delete before delete on journal
begin select raise(abort, 'journal is append-only'); end;

create trigger journal_no_replace before insert on journal
when exists (select 1 from journal where log_index = new.log_index)
begin select raise(abort, 'journal is append-only'); end;

create trigger journal_related_no_update before update on journal_related
begin select raise(abort, 'journal_related is append-only'); end;

create trigger journal_related_no_delete before delete on journal_related
begin select raise(abort, 'journal_related is append-only'); end;

create trigger journal_related_no_replace before insert on journal_related
when exists (select 1 from journal_related where log_index = new.log_index and subject = new.subject)
begin select raise(abort, 'journal_related is append-only'); end;

create trigger log_leaf_no_update before update on log_leaf
begin select raise(abort, 'log_leaf is append-only'); end;

create trigger log_leaf_no_delete before delete on log_leaf
begin select raise(abort, 'log_leaf is append-only'); end;

create trigger log_leaf_no_replace before insert on log_leaf
when exists (select 1 from log_leaf where log_index = new.log_index)
begin select raise(abort, 'log_leaf is append-only'); end;

create trigger log_node_no_update before update on log_node
begin select raise(abort, 'log_node is append-only'); end;

create trigger log_node_no_delete before delete on log_node
begin select raise(abort, 'log_node is append-only'); end;

create trigger log_node_no_replace before insert on log_node
when exists (select 1 from log_node where place = new.place)
begin select raise(abort, 'log_node is append-only'); end;

-- The log only grows.

create trigger log_head_no_delete before delete on log_head
begin select raise(abort, 'log_head is append-only'); end;

create trigger log_head_no_replace before insert on log_head
begin select raise(abort, 'log_head is append-only'); end;

create trigger log_head_grows before update on log_head when new.size <= old.size or new.id <> old.id
begin select raise(abort, 'log_head is append-only'); end;
