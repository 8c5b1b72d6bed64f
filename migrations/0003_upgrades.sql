-- KUB-7. `engine_version` is the version that is wanted. While it is being brought about, `upgrade_from` is the one to
-- go back to, should that fail; `previous_version` is what the store ran before its last change that came to its end.
ALTER TABLE stores ADD COLUMN upgrade_from varchar(64), ADD COLUMN previous_version varchar(64);

-- A change of version whose job was lost is found again.
CREATE INDEX stores_upgrade_from ON stores (created_at) WHERE upgrade_from IS NOT NULL;

GRANT UPDATE (engine_version, upgrade_from) ON stores TO store_platform_api, store_platform_admin;
