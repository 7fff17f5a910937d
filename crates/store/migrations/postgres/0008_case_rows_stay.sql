-- A case is kept whole (Art. 29(2): records of use are kept for at least 3 years): it changes by its acts, and no row of
-- it is ever removed. What is retired one day is retired by a migration that says so.

create trigger sharing_case_no_delete before delete or truncate on sharing_case
for each statement execute function refuse_change();

create trigger sharing_case_stays_itself before update on sharing_case
for each row when (new.id <> old.id or new.kind <> old.kind or new.number <> old.number)
execute function refuse_change();

create trigger case_party_no_change before update or delete or truncate on case_party
for each statement execute function refuse_change();

-- Consents to another use stand on the grant (Art. 25(1)); grants made before there were any have none.
update sharing_grant set body = (body::jsonb || '{"consents": []}'::jsonb)::text;

-- Since when a new structure is held back, because live grants need the old one (Art. 27(3)).
alter table source add column held_at bigint;
