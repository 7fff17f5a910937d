-- A case is kept whole (Art. 29(2): records of use are kept for at least 3 years): it changes by its acts, and no row of
-- it is ever removed. What is retired one day is retired by a migration that says so.

create trigger sharing_case_no_delete before delete on sharing_case
begin select raise(abort, 'sharing_case is append-only'); end;

create trigger sharing_case_no_replace before insert on sharing_case
when exists (select 1 from sharing_case where id = new.id or number = new.number)
begin select raise(abort, 'sharing_case is append-only'); end;

create trigger sharing_case_stays_itself before update on sharing_case
when new.id <> old.id or new.kind <> old.kind or new.number <> old.number
begin select raise(abort, 'sharing_case is append-only'); end;

create trigger case_party_no_update before update on case_party
begin select raise(abort, 'case_party is append-only'); end;

create trigger case_party_no_delete before delete on case_party
begin select raise(abort, 'case_party is append-only'); end;

-- Consents to another use stand on the grant (Art. 25(1)); grants made before there were any have none.
update sharing_grant set body = json_set(body, '$.consents', json('[]'));

-- Since when a new structure is held back, because live grants need the old one (Art. 27(3)).
alter table source add column held_at bigint;
