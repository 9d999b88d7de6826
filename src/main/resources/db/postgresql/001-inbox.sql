-- Times are milliseconds since 1970. Ids are ULIDs with a prefix, so that they sort by time.

CREATE TABLE event (
  seq             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id              TEXT    NOT NULL UNIQUE,
  source          TEXT    NOT NULL,
  idempotency_key TEXT    NOT NULL,
  type            TEXT    NOT NULL,
  event_time      BIGINT,
  received_at     BIGINT  NOT NULL,
  headers         TEXT    NOT NULL,
  body            BYTEA,
  body_sha256     BYTEA   NOT NULL,
  wanted_by       INTEGER NOT NULL,           -- how many automations were subscribed when it arrived
  duplicates      BIGINT  NOT NULL DEFAULT 0, -- later requests with the same key
  differing       BIGINT  NOT NULL DEFAULT 0, -- those among them whose bytes differed
  UNIQUE (source, idempotency_key)
);

CREATE TABLE delivery (
  seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  event_id    TEXT    NOT NULL REFERENCES event (id),
  automation  TEXT    NOT NULL,
  state       TEXT    NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  failures    INTEGER NOT NULL DEFAULT 0,     -- attempts that count against the retry schedule
  due_at      BIGINT  NOT NULL,
  started_at  BIGINT,                        -- of the attempt that is running
  updated_at  BIGINT  NOT NULL,
  manual      INTEGER NOT NULL DEFAULT 0      -- replayed by a person
);
CREATE INDEX delivery_event ON delivery (event_id);
CREATE INDEX delivery_open ON delivery (automation, due_at, seq) WHERE state IN ('pending', 'retrying');
CREATE INDEX delivery_unsettled ON delivery (state, automation) WHERE state IN ('running', 'dead');

CREATE TABLE attempt (
  delivery_id      TEXT    NOT NULL,
  number           INTEGER NOT NULL,
  started_at       BIGINT  NOT NULL,
  duration_ms      BIGINT  NOT NULL,
  outcome          TEXT    NOT NULL,
  step             TEXT,
  http_status      INTEGER,
  message          TEXT,
  response_excerpt TEXT,
  PRIMARY KEY (delivery_id, number)
);

-- Who gets an event that arrives now. Outlives a restart: an automation that has been on stays subscribed.
CREATE TABLE subscription (
  automation TEXT    PRIMARY KEY,
  file       TEXT    NOT NULL,
  sources    TEXT    NOT NULL,
  events     TEXT    NOT NULL,
  since      BIGINT  NOT NULL
);

-- Keys of idempotentConsumer in automations. A key belongs to the delivery that added it.
CREATE TABLE idempotency (
  automation  TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  delivery_id TEXT    NOT NULL,
  added_at    BIGINT  NOT NULL,
  PRIMARY KEY (automation, key)
);

-- Requests that became no event. Identical ones are one row with a count.
CREATE TABLE quarantine (
  seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  source      TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  received_at BIGINT  NOT NULL,
  last_at     BIGINT  NOT NULL,
  count       BIGINT  NOT NULL DEFAULT 1,
  address     TEXT    NOT NULL,
  method      TEXT    NOT NULL,
  uri         TEXT    NOT NULL,
  headers     TEXT    NOT NULL,
  body        BYTEA   NOT NULL,
  body_sha256 BYTEA   NOT NULL,
  UNIQUE (source, kind, body_sha256)
);

CREATE TABLE node_secret (
  name  TEXT PRIMARY KEY,
  value BYTEA NOT NULL
);
