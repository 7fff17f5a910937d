-- Applications for several entries, and deliveries that are due. Requests from before are in no application; agreements
-- from before have no clock of delivery.

create table application_cart (
    id text primary key not null,
    number text not null,
    requester text not null references organisation (id),
    drafted_by text not null references person (id),
    at bigint not null,
    constraint application_cart_number unique (number)
);

alter table sharing_request add column cart text references application_cart (id);
create index sharing_request_by_cart on sharing_request (cart, id);

-- When the delivery is due, while its clock runs.
alter table sharing_request add column delivery_due bigint;
create index sharing_request_by_delivery on sharing_request (delivery_due, id);
