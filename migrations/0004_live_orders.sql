-- Live orders (ORD-1 to ORD-7). PostgreSQL is their only record: what is in Redis or in a cache can be made again of it.
--
-- An order is told by events, which arrive in any order, late and more than once:
--   ingest    order_keys + order_events + order_batches, in one transaction, before the sender is answered
--   aggregate order_batches → orders, order_values, order_products, order_feed, in one transaction
-- Merging an event into an order is commutative and idempotent (src/orders/merge.ts), so that any order of arrival and
-- any repetition lead to the same rows, and a rebuild is the same work done again over all events.

-- Where orders come from: each store is a source under its own id, and others can be made (a till, a simulator).
CREATE TABLE order_sources (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  store_id   uuid UNIQUE REFERENCES stores ON DELETE CASCADE CHECK (store_id = id),
  name       varchar(255) NOT NULL,
  -- An IANA name: the zone in which the days and hours of its orders are counted.
  time_zone  varchar(64) NOT NULL DEFAULT 'UTC',
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX order_sources_user_id ON order_sources (user_id, created_at DESC, id DESC);

-- Secrets with which the sources that are no stores sign (a store's is among its store_secrets). Several at once, so
-- that one can be replaced while the other is still in use. Encrypted by the application.
CREATE TABLE order_source_secrets (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  source_id  uuid NOT NULL REFERENCES order_sources ON DELETE CASCADE,
  key_id     varchar(32) NOT NULL,
  ciphertext bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz
);
CREATE INDEX order_source_secrets_source_id ON order_source_secrets (source_id);

-- Sources that are gone and whose orders are still to be deleted, in pieces.
CREATE TABLE gone_order_sources (
  source_id uuid PRIMARY KEY,
  gone_at   timestamptz NOT NULL DEFAULT now()
);

-- The record -----------------------------------------------------------------------------------------------------

-- A table partitioned by time can't hold UNIQUE (source, event): this one does, in the same transaction.
CREATE TABLE order_keys (
  source_id   uuid NOT NULL,
  event_id    varchar(255) NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source_id, event_id)
);
CREATE INDEX order_keys_received_at ON order_keys USING brin (received_at);

-- What was stored together and waits to be aggregated: the queue, and the outbox of Redis. A row goes when it is applied.
CREATE TABLE order_batches (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT now(),
  orders      integer NOT NULL,
  -- When it was last handed to Redis.
  sent_at     timestamptz,
  attempts    integer NOT NULL DEFAULT 0,
  -- When it was given up: nobody takes it until somebody orders it to be tried again.
  failed_at   timestamptz,
  error       varchar(1000)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
-- For the relay to Redis: what was not sent yet, and what was sent long ago.
CREATE INDEX order_batches_sent_at ON order_batches (sent_at, id);
CREATE INDEX order_batches_failed ON order_batches (id) WHERE attempts > 0;

-- Without foreign keys, which would cost each order a look-up: gone_order_sources tells what is to be deleted.
CREATE TABLE order_events (
  batch_id    bigint NOT NULL,
  source_id   uuid NOT NULL,
  event       text NOT NULL CHECK (event IN ('placed', 'paid', 'cancelled', 'refunded')),
  event_id    varchar(255) NOT NULL,
  external_id varchar(255) NOT NULL,
  number      varchar(64),
  currency    char(3) NOT NULL,
  placed_at   timestamptz(3) NOT NULL,
  -- In minor units. Null where the event says nothing about what was bought.
  total       bigint,
  -- What was given back up to this event.
  refunded    bigint,
  items       jsonb NOT NULL,
  received_at timestamptz NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX order_events_batch_id ON order_events (batch_id);
-- Months are made ahead by make_order_months(); should one be missing, nothing is lost.
CREATE TABLE order_events_rest PARTITION OF order_events DEFAULT;

-- What follows from it -------------------------------------------------------------------------------------------

-- Each order as all events together tell it.
CREATE TABLE orders (
  source_id     uuid NOT NULL,
  external_id   varchar(255) NOT NULL,
  number        varchar(64),
  currency      char(3) NOT NULL,
  placed_at     timestamptz(3) NOT NULL,
  total         bigint,
  refunded      bigint NOT NULL,
  paid          boolean NOT NULL,
  cancelled     boolean NOT NULL,
  items         jsonb NOT NULL,
  -- Which event the contents are taken from; a better one replaces it.
  told_by       text NOT NULL,
  told_by_event varchar(255) NOT NULL,
  PRIMARY KEY (source_id, external_id)
);
CREATE INDEX orders_source_placed_at ON orders (source_id, placed_at DESC, external_id DESC);
CREATE INDEX orders_placed_at ON orders (placed_at DESC, source_id DESC, external_id DESC);

-- How many orders of which net value (total less refunds) were placed in a quarter of an hour: orders, revenue, mean
-- and percentiles of any period in any zone are sums over it (all zones' hours begin at a quarter of an hour of UTC).
CREATE TABLE order_values (
  source_id uuid NOT NULL,
  quarter   timestamptz NOT NULL,
  currency  char(3) NOT NULL,
  value     bigint NOT NULL,
  orders    bigint NOT NULL,
  PRIMARY KEY (source_id, quarter, currency, value)
) WITH (fillfactor = 70);

CREATE TABLE order_products (
  source_id uuid NOT NULL,
  quarter   timestamptz NOT NULL,
  name      varchar(255) NOT NULL,
  quantity  bigint NOT NULL,
  PRIMARY KEY (source_id, quarter, name)
) WITH (fillfactor = 70);

-- What changed, for those who watch. Numbers rise in the order of commits, because each transaction that adds to it
-- holds the clock's row; whoever has seen up to a number has seen all before it. Kept for some minutes.
CREATE TABLE order_feed_clock (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  seq      bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
CREATE TABLE order_feed (
  seq       bigint PRIMARY KEY,
  source_id uuid NOT NULL,
  change    jsonb NOT NULL,
  at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_feed_at ON order_feed USING brin (at);
-- The number of each source's last change: what was made of the sources' orders holds as long as these are the same.
CREATE TABLE order_heads (
  source_id uuid PRIMARY KEY REFERENCES order_sources ON DELETE CASCADE,
  seq       bigint NOT NULL
) WITH (fillfactor = 50);

-- One-time tickets for the live page's WebSocket, which can't send a header. Kept as SHA-256.
CREATE TABLE live_tickets (
  token_hash      bytea PRIMARY KEY,
  user_id         uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  credential_kind text NOT NULL CHECK (credential_kind IN ('api-key', 'session', 'trusted-header')),
  credential_id   uuid,
  expires_at      timestamptz NOT NULL
);

-- Stores are sources ---------------------------------------------------------------------------------------------

CREATE FUNCTION make_order_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO order_sources (id, user_id, store_id, name) VALUES (NEW.id, NEW.user_id, NEW.id, NEW.name);
  RETURN NULL;
END $$;
CREATE TRIGGER stores_make_order_source AFTER INSERT ON stores FOR EACH ROW EXECUTE FUNCTION make_order_source();

CREATE FUNCTION follow_store_in_order_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE order_sources SET user_id = NEW.user_id, name = NEW.name WHERE id = NEW.id;
  RETURN NULL;
END $$;
-- `ready_at` too: orders count from then on, so whoever remembers the source has to look again.
CREATE TRIGGER stores_follow_in_order_source AFTER UPDATE OF user_id, name, ready_at ON stores
  FOR EACH ROW EXECUTE FUNCTION follow_store_in_order_source();

CREATE FUNCTION note_gone_order_source() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO gone_order_sources (source_id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER order_sources_gone AFTER DELETE ON order_sources
  FOR EACH ROW EXECUTE FUNCTION note_gone_order_source();

-- Notifications --------------------------------------------------------------------------------------------------

CREATE FUNCTION notify_order_batch() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('order_batch', ''); RETURN NULL; END $$;
CREATE TRIGGER order_batches_notify AFTER INSERT ON order_batches
  FOR EACH STATEMENT EXECUTE FUNCTION notify_order_batch();

CREATE FUNCTION notify_order_feed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('order_feed', ''); RETURN NULL; END $$;
CREATE TRIGGER order_feed_notify AFTER INSERT ON order_feed FOR EACH STATEMENT EXECUTE FUNCTION notify_order_feed();

CREATE FUNCTION notify_order_source() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('order_source', coalesce(NEW.id, OLD.id)::text); RETURN NULL; END $$;
CREATE TRIGGER order_sources_notify AFTER INSERT OR UPDATE OR DELETE ON order_sources
  FOR EACH ROW EXECUTE FUNCTION notify_order_source();
CREATE FUNCTION notify_order_source_secret() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('order_source', coalesce(NEW.source_id, OLD.source_id)::text); RETURN NULL; END $$;
CREATE TRIGGER order_source_secrets_notify AFTER INSERT OR UPDATE OR DELETE ON order_source_secrets
  FOR EACH ROW EXECUTE FUNCTION notify_order_source_secret();

-- Row-level security ---------------------------------------------------------------------------------------------

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['order_sources', 'order_source_secrets', 'gone_order_sources', 'order_keys', 'order_batches',
    'order_events', 'orders', 'order_values', 'order_products', 'order_feed_clock', 'order_feed', 'order_heads', 'live_tickets']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY orchestrator ON %I TO store_platform_orchestrator USING (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO store_platform_orchestrator', t);
    EXECUTE format('CREATE POLICY choose_a_role ON %I AS RESTRICTIVE TO CURRENT_USER USING (false)', t);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE (name, time_zone), DELETE ON order_sources TO store_platform_api, store_platform_admin;
GRANT SELECT (id, source_id, created_at, expires_at), INSERT, UPDATE (expires_at), DELETE
  ON order_source_secrets TO store_platform_api, store_platform_admin;
GRANT SELECT ON orders, order_values, order_products, order_heads TO store_platform_api, store_platform_admin;
-- Batches that were given up are listed and tried again by an admin's word.
GRANT SELECT, UPDATE (sent_at, attempts, failed_at, error) ON order_batches TO store_platform_admin;
GRANT INSERT ON live_tickets TO store_platform_api, store_platform_admin;
GRANT SELECT (expires_at), DELETE ON live_tickets TO store_platform_api, store_platform_admin;

CREATE POLICY own ON order_sources TO store_platform_api USING (user_id = (SELECT acting_user()));
-- A store's source goes with its store alone.
CREATE POLICY not_a_store ON order_sources AS RESTRICTIVE FOR DELETE TO store_platform_api, store_platform_admin
  USING (store_id IS NULL);
CREATE POLICY made_without_a_store ON order_sources AS RESTRICTIVE FOR INSERT TO store_platform_api, store_platform_admin
  WITH CHECK (store_id IS NULL AND user_id = (SELECT acting_user()));
-- The subqueries see only the sources that the policy above lets through; they are run once, not for each row.
CREATE POLICY of_own_source ON order_source_secrets TO store_platform_api
  USING (source_id IN (SELECT id FROM order_sources));
CREATE POLICY of_own_source ON orders FOR SELECT TO store_platform_api USING (source_id IN (SELECT id FROM order_sources));
CREATE POLICY of_own_source ON order_values FOR SELECT TO store_platform_api
  USING (source_id IN (SELECT id FROM order_sources));
CREATE POLICY of_own_source ON order_products FOR SELECT TO store_platform_api
  USING (source_id IN (SELECT id FROM order_sources));
CREATE POLICY of_own_source ON order_heads FOR SELECT TO store_platform_api
  USING (source_id IN (SELECT id FROM order_sources));
CREATE POLICY in_own_name ON live_tickets TO store_platform_api, store_platform_admin
  USING (user_id = (SELECT acting_user()));

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['order_sources', 'order_source_secrets', 'orders', 'order_values', 'order_products', 'order_heads',
    'order_batches']
  LOOP
    EXECUTE format('CREATE POLICY everything ON %I TO store_platform_admin USING (true)', t);
  END LOOP;
END $$;

-- Doors ----------------------------------------------------------------------------------------------------------

-- Uses a ticket up: of two that arrive at once, one gets the row. Who it is for is found as for any request.
CREATE FUNCTION redeem_live_ticket(hash bytea)
RETURNS TABLE (user_id uuid, credential_kind text, credential_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM live_tickets t WHERE t.token_hash = hash AND t.expires_at > now()
  RETURNING t.user_id, t.credential_kind, t.credential_id
$$;

-- Who holds this key or session by its id, if it is valid now: for sockets, which end with what they stand on.
CREATE FUNCTION user_of_credential(kind text, credential uuid, holder uuid)
RETURNS TABLE (user_id uuid, email varchar, role text, credential_id uuid, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.email, u.role, k.id, k.expires_at FROM api_keys k JOIN users u ON u.id = k.user_id
  WHERE kind = 'api-key' AND k.id = credential AND u.id = holder AND k.revoked_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.suspended_at IS NULL
  UNION ALL
  SELECT u.id, u.email, u.role, s.id, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE kind = 'session' AND s.id = credential AND u.id = holder AND s.expires_at > now() AND u.suspended_at IS NULL
  UNION ALL
  SELECT u.id, u.email, u.role, NULL::uuid, NULL::timestamptz FROM users u
  WHERE kind = 'trusted-header' AND u.id = holder AND u.suspended_at IS NULL
$$;

-- Makes the partitions of this month and the next two, where they are missing. Owned by the login role, as the table is.
-- Where orders of a month have come before its partition, they stay in the rest, and so do the others of that month.
CREATE FUNCTION make_order_months() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  month timestamptz;
  part  text;
BEGIN
  FOR month IN SELECT generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '2 months', '1 month')
  LOOP
    part := 'order_events_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass(part) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF order_events FOR VALUES FROM (%L) TO (%L)', part, month, month + interval '1 month');
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
    EXCEPTION WHEN check_violation OR duplicate_table THEN
      NULL;
    END;
  END LOOP;
END $$;

-- Drops the partitions of months that ended before that time. Returns how many.
CREATE FUNCTION drop_order_months(before timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  part    text;
  dropped integer := 0;
BEGIN
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'order_events'::regclass AND c.relname ~ '^order_events_\d{4}_\d{2}$'
      AND to_timestamp(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= before
  LOOP
    EXECUTE format('DROP TABLE %I', part);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION make_order_months(), drop_order_months(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_order_months(), drop_order_months(timestamptz) TO store_platform_orchestrator;
-- Nobody is granted anything on a partition: rows are reached through the table, whose policies then count.
ALTER TABLE order_events_rest ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_events_rest FORCE ROW LEVEL SECURITY;
SELECT make_order_months();

DO $$
DECLARE f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['make_order_source()', 'follow_store_in_order_source()', 'note_gone_order_source()',
    'redeem_live_ticket(bytea)', 'user_of_credential(text, uuid, uuid)']
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO store_platform_api, store_platform_admin, store_platform_orchestrator', f);
  END LOOP;
END $$;
GRANT CREATE ON SCHEMA public TO store_platform_orchestrator;
DO $$
DECLARE f text;
BEGIN
  FOREACH f IN ARRAY ARRAY['make_order_source()', 'follow_store_in_order_source()', 'note_gone_order_source()',
    'redeem_live_ticket(bytea)', 'user_of_credential(text, uuid, uuid)']
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO store_platform_orchestrator', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA public FROM store_platform_orchestrator;

SET LOCAL ROLE store_platform_orchestrator;
INSERT INTO order_feed_clock DEFAULT VALUES;
INSERT INTO order_sources (id, user_id, store_id, name) SELECT id, user_id, id, name FROM stores;
RESET ROLE;
