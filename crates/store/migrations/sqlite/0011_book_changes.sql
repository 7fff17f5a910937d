-- What changed of that which planes serve from (grants, systems, sources, gateways), by the epoch of the commit. Old
-- rows are dropped: a plane that is further behind takes a snapshot.
create table book_change (
    epoch bigint not null,
    id text not null,
    primary key (epoch, id)
);

-- A provider's gateways (网关). Their secrets are not kept: the node derives them.
create table gateway (
    id text primary key,
    revision bigint not null,
    provider text not null references organisation (id),
    name text not null,
    registered_at bigint not null,
    removed_at bigint
);

create index gateway_by_provider on gateway (provider, id);

-- Snapshots of the live grants are read by pages of their key, a provider's apart.
create index sharing_grant_by_provider_state on sharing_grant (provider, state, id);
