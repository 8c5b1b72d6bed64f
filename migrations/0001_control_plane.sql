-- The control plane's own tables. Forward only: a mistake is mended by a later file.
--
-- Three roles without login share them. The API works as store_platform_api, bound by row-level security to the rows
-- of the person it acts for, or as store_platform_admin for one who may see all (a role and not a condition "or is
-- admin" in each policy, because no index serves that). What acts for nobody works as store_platform_orchestrator.
-- The login role owns the tables and is bound too (FORCE): a statement that forgets to choose a role sees nothing,
-- so a later migration that changes rows begins with SET LOCAL ROLE store_platform_orchestrator.
-- The roles are made by the migrator beforehand, because roles belong to the server and not to a database.

CREATE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;

-- Which installation this is: every resource outside the database carries this id (ORC-5).
CREATE TABLE installation (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  only_one   boolean NOT NULL DEFAULT true UNIQUE CHECK (only_one),
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO installation DEFAULT VALUES;

-- People and their ways in -------------------------------------------------------------------------------------

CREATE TABLE users (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email         varchar(320) NOT NULL,
  role          text NOT NULL CHECK (role IN ('admin', 'member')),
  password_hash text,
  suspended_at  timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Tokens are kept as SHA-256 of at least 256 random bits: a stolen backup signs nobody in.
CREATE TABLE sign_in_links (
  token_hash bytea PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_links_user_id ON sign_in_links (user_id);

CREATE TABLE sessions (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  token_hash bytea NOT NULL UNIQUE,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  user_agent varchar(512),
  address    inet,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_user_id ON sessions (user_id);

CREATE TABLE api_keys (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name         varchar(255) NOT NULL,
  key_hash     bytea NOT NULL UNIQUE,
  -- The first characters of the key, so that a person can tell which one it is.
  hint         varchar(16) NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_keys_user_id ON api_keys (user_id, created_at DESC);

-- Stores (DAT-1) -----------------------------------------------------------------------------------------------

CREATE TABLE stores (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id         uuid NOT NULL REFERENCES users,
  name            varchar(255) NOT NULL,
  slug            varchar(63) NOT NULL UNIQUE,
  engine          text NOT NULL CHECK (engine IN ('woocommerce', 'medusa')),
  status          text NOT NULL DEFAULT 'provisioning'
                  CHECK (status IN ('provisioning', 'ready', 'failed', 'stopped', 'deleting')),
  activity        text NOT NULL DEFAULT 'awake' CHECK (activity IN ('awake', 'asleep', 'waking')),
  operation       jsonb,
  namespace       varchar(63) NOT NULL UNIQUE,
  urls            jsonb,
  error_message   varchar(1000),
  attempt         integer NOT NULL DEFAULT 1,
  -- The version of the engine that its data was made with; it runs on that one when the platform has moved on.
  engine_version  varchar(64),
  idempotency_key varchar(255),
  correlation_id  varchar(255) NOT NULL,
  deadline_at     timestamptz,
  ready_at        timestamptz,
  -- In whole milliseconds, so that a page's cursor, a JavaScript date, names a row's exact place.
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, idempotency_key)
);
CREATE INDEX stores_status ON stores (status, created_at DESC, id DESC);
CREATE INDEX stores_user_id ON stores (user_id);
CREATE INDEX stores_created_at ON stores (created_at DESC, id DESC);
CREATE INDEX stores_user_id_created_at ON stores (user_id, created_at DESC, id DESC);
CREATE TRIGGER stores_touch BEFORE UPDATE ON stores FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- How many stores there are: counting 100,000 rows for a page takes longer than reading it. Each connection adds to
-- a row of its own (one of 64), so that creations do not wait for one another; the sum is exact.
CREATE TABLE store_totals (
  shard  smallint PRIMARY KEY,
  stores bigint NOT NULL
);
CREATE FUNCTION keep_store_totals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO store_totals AS t
  SELECT pg_backend_pid() % 64, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END FROM changed
  ON CONFLICT (shard) DO UPDATE SET stores = t.stores + excluded.stores;
  RETURN NULL;
END $$;
CREATE TRIGGER stores_total_in AFTER INSERT ON stores REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_store_totals();
CREATE TRIGGER stores_total_out AFTER DELETE ON stores REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION keep_store_totals();

CREATE TABLE store_events (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store_id       uuid NOT NULL REFERENCES stores ON DELETE CASCADE,
  event_type     varchar(64) NOT NULL,
  message        varchar(1000) NOT NULL,
  metadata       jsonb NOT NULL DEFAULT '{}',
  correlation_id varchar(255),
  created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX store_events_store_id ON store_events (store_id, id);
CREATE INDEX store_events_created_at ON store_events (created_at DESC);
CREATE INDEX store_events_correlation_id ON store_events (correlation_id) WHERE correlation_id IS NOT NULL;

-- Secrets of a store, encrypted by the application (AES-256-GCM) before they come here (ORC-6).
CREATE TABLE store_secrets (
  store_id   uuid NOT NULL REFERENCES stores ON DELETE CASCADE,
  name       varchar(64) NOT NULL,
  key_id     varchar(32) NOT NULL,
  ciphertext bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (store_id, name)
);

-- Loopback ports of the local runtime. A row outlives its store, so that a freed port rests before its next use.
CREATE TABLE ports (
  port        integer PRIMARY KEY CHECK (port BETWEEN 1024 AND 65535),
  store_id    uuid UNIQUE REFERENCES stores ON DELETE SET NULL,
  released_at timestamptz
);
CREATE FUNCTION release_port() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.released_at := CASE WHEN NEW.store_id IS NULL THEN now() END; RETURN NEW; END $$;
CREATE TRIGGER ports_release BEFORE UPDATE OF store_id ON ports FOR EACH ROW EXECUTE FUNCTION release_port();

CREATE TABLE store_usage (
  store_id     uuid NOT NULL REFERENCES stores ON DELETE CASCADE,
  at           timestamptz NOT NULL,
  memory_bytes bigint NOT NULL,
  cpu_seconds  double precision NOT NULL,
  disk_bytes   bigint NOT NULL,
  PRIMARY KEY (store_id, at)
);

-- The one-time preparation of an engine's version, shared by all stores (ORC-4).
CREATE TABLE engine_preparations (
  engine      text NOT NULL,
  version     varchar(64) NOT NULL,
  status      text NOT NULL CHECK (status IN ('running', 'ready', 'failed')),
  phase       varchar(64),
  fraction    real NOT NULL DEFAULT 0,
  message     varchar(1000),
  phases      jsonb NOT NULL DEFAULT '[]',
  started_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (engine, version)
);
CREATE TRIGGER engine_preparations_touch BEFORE UPDATE ON engine_preparations
  FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Answers of POST requests by key (API-3). Written in the request's own transaction, so a second request with
-- the same key waits on the index until the first one has committed, and then finds its answer.
CREATE TABLE idempotency_keys (
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  key          varchar(255) NOT NULL,
  request_hash bytea NOT NULL,
  status_code  integer,
  headers      jsonb,
  body         jsonb,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- Who did what (IDN-6). No foreign keys: it outlives stores and people.
CREATE TABLE audit_log (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at             timestamptz NOT NULL DEFAULT now(),
  actor_id       uuid,
  actor          varchar(320) NOT NULL,
  action         varchar(64) NOT NULL,
  store_id       uuid,
  subject        varchar(320),
  address        inet,
  correlation_id varchar(255),
  details        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_at ON audit_log (at DESC, id DESC);
CREATE INDEX audit_log_store_id ON audit_log (store_id, at DESC) WHERE store_id IS NOT NULL;

-- Resources that belong to no store: stopped and reported when first seen, removed a day later (ORC-5).
CREATE TABLE orphans (
  kind          text NOT NULL,
  name          varchar(255) NOT NULL,
  store_id      uuid,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  -- When an operator said that it may go, although there are more orphans than the platform removes by itself.
  confirmed_at  timestamptz,
  PRIMARY KEY (kind, name)
);

-- Notifications carry ids only: whoever listens reads the rows with the rights of the one they are for ---------

CREATE FUNCTION notify_store_event() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('store_event', NEW.id || ' ' || NEW.store_id); RETURN NULL; END $$;
CREATE TRIGGER store_events_notify AFTER INSERT ON store_events FOR EACH ROW EXECUTE FUNCTION notify_store_event();

CREATE FUNCTION notify_store_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('store_change', coalesce(NEW.id, OLD.id) || ' ' || coalesce(NEW.status, 'gone')); RETURN NULL; END $$;
CREATE TRIGGER stores_notify AFTER INSERT OR DELETE OR UPDATE OF status, urls ON stores
  FOR EACH ROW EXECUTE FUNCTION notify_store_change();

-- Something about a person's ways in has ended: streams that stand on it are closed at once.
CREATE FUNCTION notify_identity_change() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
  PERFORM pg_notify('identity_change', CASE WHEN TG_TABLE_NAME = 'users' THEN OLD.id ELSE (to_jsonb(OLD) ->> 'user_id')::uuid END::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER users_notify AFTER UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION notify_identity_change();
CREATE TRIGGER sessions_notify AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION notify_identity_change();
CREATE TRIGGER api_keys_notify AFTER UPDATE OF revoked_at OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION notify_identity_change();

-- Row-level security --------------------------------------------------------------------------------------------

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['users', 'sign_in_links', 'sessions', 'api_keys', 'stores', 'store_totals', 'store_events',
    'store_secrets', 'ports', 'store_usage', 'engine_preparations', 'idempotency_keys', 'audit_log', 'orphans', 'installation']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY orchestrator ON %I TO store_platform_orchestrator USING (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO store_platform_orchestrator', t);
    -- Before PostgreSQL 16 the login role inherits what the roles may that it can change to; it shall not.
    EXECUTE format('CREATE POLICY choose_a_role ON %I AS RESTRICTIVE TO CURRENT_USER USING (false)', t);
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO store_platform_api, store_platform_admin, store_platform_orchestrator;

-- Hashes of passwords and tokens are read through the doors below, never from the tables.
GRANT SELECT (id, email, role, suspended_at, created_at, updated_at), UPDATE (password_hash)
  ON users TO store_platform_api, store_platform_admin;
GRANT SELECT (user_id, expires_at, created_at), INSERT, DELETE ON sign_in_links TO store_platform_api, store_platform_admin;
GRANT SELECT (id, user_id, user_agent, address, expires_at, created_at), INSERT, DELETE
  ON sessions TO store_platform_api, store_platform_admin;
GRANT SELECT (id, user_id, name, hint, expires_at, revoked_at, last_used_at, created_at), INSERT, UPDATE (name, revoked_at)
  ON api_keys TO store_platform_api, store_platform_admin;
GRANT SELECT, INSERT,
  UPDATE (name, status, activity, operation, urls, error_message, attempt, idempotency_key, correlation_id, deadline_at)
  ON stores TO store_platform_api, store_platform_admin;
GRANT SELECT, INSERT ON store_events TO store_platform_api, store_platform_admin;
GRANT SELECT ON store_secrets, store_usage, engine_preparations TO store_platform_api, store_platform_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO store_platform_api, store_platform_admin;
GRANT SELECT, INSERT ON audit_log TO store_platform_api, store_platform_admin;
GRANT INSERT, UPDATE (email, role, suspended_at), DELETE ON users TO store_platform_admin;
GRANT SELECT ON store_totals TO store_platform_admin;
GRANT SELECT, UPDATE (confirmed_at) ON orphans TO store_platform_admin;

CREATE POLICY own ON users TO store_platform_api USING (id = (SELECT acting_user()));
CREATE POLICY own ON sign_in_links TO store_platform_api USING (user_id = (SELECT acting_user()));
CREATE POLICY own ON sessions TO store_platform_api USING (user_id = (SELECT acting_user()));
CREATE POLICY own ON api_keys TO store_platform_api USING (user_id = (SELECT acting_user()));
CREATE POLICY own ON stores TO store_platform_api USING (user_id = (SELECT acting_user()));
-- The subqueries see only the stores that the policy above lets through.
CREATE POLICY of_own_store ON store_events TO store_platform_api
  USING (EXISTS (SELECT FROM stores WHERE stores.id = store_id));
CREATE POLICY of_own_store ON store_secrets TO store_platform_api
  USING (EXISTS (SELECT FROM stores WHERE stores.id = store_id));
CREATE POLICY of_own_store ON store_usage TO store_platform_api
  USING (EXISTS (SELECT FROM stores WHERE stores.id = store_id));
CREATE POLICY everyone ON engine_preparations FOR SELECT TO store_platform_api USING (true);
CREATE POLICY own ON audit_log FOR SELECT TO store_platform_api USING (actor_id = (SELECT acting_user()));

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['users', 'sign_in_links', 'sessions', 'api_keys', 'stores', 'store_totals', 'store_events',
    'store_secrets', 'store_usage', 'engine_preparations', 'orphans']
  LOOP
    EXECUTE format('CREATE POLICY everything ON %I TO store_platform_admin USING (true)', t);
  END LOOP;
END $$;
CREATE POLICY everything ON audit_log FOR SELECT TO store_platform_admin USING (true);
-- Not even an admin replays another's answers or writes in another's name.
CREATE POLICY own ON idempotency_keys TO store_platform_api, store_platform_admin
  USING (user_id = (SELECT acting_user()));
CREATE POLICY in_own_name ON audit_log FOR INSERT TO store_platform_api, store_platform_admin
  WITH CHECK (actor_id = (SELECT acting_user()));

CREATE FUNCTION count_visible_stores() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF current_user = 'store_platform_api' THEN
    RETURN (SELECT count(*) FROM stores);
  END IF;
  RETURN (SELECT coalesce(sum(t.stores), 0) FROM store_totals t);
END $$;

-- Doors through row-level security, each as narrow as its name ---------------------------------------------------
-- (Those that every request goes through are in PL/pgSQL, which keeps their plans: 20 µs instead of 100 µs.)

-- Who holds this API key or session, if it is valid now. The API asks before it knows for whom it acts.
CREATE FUNCTION user_of_api_key(hash bytea)
RETURNS TABLE (user_id uuid, email varchar, role text, credential_id uuid, expires_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.email, u.role, k.id, k.expires_at FROM api_keys k JOIN users u ON u.id = k.user_id
  WHERE k.key_hash = hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
    AND u.suspended_at IS NULL;
END $$;

CREATE FUNCTION user_of_session(hash bytea)
RETURNS TABLE (user_id uuid, email varchar, role text, credential_id uuid, expires_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT u.id, u.email, u.role, s.id, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.token_hash = hash AND s.expires_at > now() AND u.suspended_at IS NULL;
END $$;

-- For signing in by password: one person, by the address they typed.
CREATE FUNCTION user_by_email(address text)
RETURNS TABLE (user_id uuid, email varchar, role text, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.email, u.role, u.password_hash FROM users u
  WHERE lower(u.email) = lower(address) AND u.suspended_at IS NULL
$$;

-- For the trusted-header mode: the proxy in front has authenticated this id or address.
CREATE FUNCTION user_by_id(id uuid)
RETURNS TABLE (user_id uuid, email varchar, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.email, u.role FROM users u WHERE u.id = user_by_id.id AND u.suspended_at IS NULL
$$;

-- Uses a one-time link up: of two that arrive at once, one gets the row.
CREATE FUNCTION redeem_sign_in_link(hash bytea)
RETURNS TABLE (user_id uuid, email varchar, role text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH used AS (DELETE FROM sign_in_links l WHERE l.token_hash = hash AND l.expires_at > now() RETURNING l.user_id)
  SELECT u.id, u.email, u.role FROM used JOIN users u ON u.id = used.user_id WHERE u.suspended_at IS NULL
$$;

-- Marks a key as used, at most once a minute, so that reading does not become writing.
CREATE FUNCTION touch_api_key(id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE api_keys k SET last_used_at = now()
  WHERE k.id = touch_api_key.id AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute');
END $$;

-- Locks a person's row, so that their quota is counted by one request at a time (IDN-3), and counts.
CREATE FUNCTION lock_and_count_stores(owner uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM users u WHERE u.id = owner FOR UPDATE;
  RETURN (SELECT count(*) FROM stores s WHERE s.user_id = owner);
END $$;

DO $$
DECLARE f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['user_of_api_key(bytea)', 'user_of_session(bytea)', 'user_by_email(text)', 'user_by_id(uuid)',
    'redeem_sign_in_link(bytea)', 'touch_api_key(uuid)', 'lock_and_count_stores(uuid)', 'keep_store_totals()']
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO store_platform_api, store_platform_admin, store_platform_orchestrator', f);
  END LOOP;
END $$;
-- They belong to the role that sees everything: the login role, their maker, would see nothing. A role may own a
-- function only where it may create in the schema; it keeps that right no longer than needed.
GRANT CREATE ON SCHEMA public TO store_platform_orchestrator;
DO $$
DECLARE f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['user_of_api_key(bytea)', 'user_of_session(bytea)', 'user_by_email(text)', 'user_by_id(uuid)',
    'redeem_sign_in_link(bytea)', 'touch_api_key(uuid)', 'lock_and_count_stores(uuid)', 'keep_store_totals()']
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO store_platform_orchestrator', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM store_platform_orchestrator;

-- Writes a job in the caller's own transaction (ORC-3). Owned by the login role, which owns the queue; the API may
-- ask for a reconcile of one store and for nothing else. One job a store: a newer request replaces a waiting one.
CREATE FUNCTION enqueue_reconcile(store uuid, correlation text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job('reconcile', json_build_object('storeId', store, 'correlationId', correlation),
    queue_name := 'store:' || store, job_key := 'store:' || store, max_attempts := 25);
END $$;
REVOKE ALL ON FUNCTION enqueue_reconcile(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_reconcile(uuid, text)
  TO store_platform_api, store_platform_admin, store_platform_orchestrator;
