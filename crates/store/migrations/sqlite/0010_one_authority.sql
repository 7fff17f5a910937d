-- A level and region have one sharing authority (Art. 8), the nation one for all regions, whoever enters them at one moment.

create unique index organisation_one_authority
    on organisation (level, (case when level = 'nation' then '' else region end))
    where kind = 'sharing_authority';
