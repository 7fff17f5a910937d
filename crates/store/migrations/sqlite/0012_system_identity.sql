-- What a system proves itself with beside its secrets: public keys, addresses, whether it must sign, the national platform's
-- call signature.

alter table department_system add column identity text not null
    default '{"keys":[],"addresses":[],"signature_required":false,"national":null,"appkeys":0}';
