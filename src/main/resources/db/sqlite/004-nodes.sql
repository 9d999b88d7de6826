-- The runs of nodes, each with its lease; SQLite has one at a time.
CREATE TABLE node (
  id          TEXT    PRIMARY KEY,           -- of one run of a node
  home        TEXT    NOT NULL,              -- the deployment that it is one of
  started_at  INTEGER NOT NULL,
  alive_until INTEGER NOT NULL,              -- by the database's clock
  beat        INTEGER NOT NULL,              -- counts the renewals of its lease
  automations TEXT                           -- the ids that it has routes for; NULL until it knows, or where it runs none
) WITHOUT ROWID;

-- One row.
CREATE TABLE inbox_state (
  subscriptions INTEGER NOT NULL             -- counts their changes
);
INSERT INTO inbox_state (subscriptions) VALUES (0);

ALTER TABLE delivery ADD COLUMN node TEXT;      -- the run that has claimed it last
ALTER TABLE delivery ADD COLUMN order_key TEXT; -- what orderBy gave; NULL where it has not been asked for
CREATE INDEX delivery_ordered ON delivery (automation, order_key, seq) WHERE state IN ('pending', 'retrying', 'running');

-- Nodes with other versions of a route each have their own row; an event goes to an automation that any of them wants it for.
CREATE TABLE subscription_of_node (
  automation TEXT    NOT NULL,
  node       TEXT    NOT NULL,              -- the run that wants it
  home       TEXT    NOT NULL,
  file       TEXT    NOT NULL,
  sources    TEXT    NOT NULL,
  events     TEXT    NOT NULL,
  since      INTEGER NOT NULL,
  PRIMARY KEY (automation, node)
) WITHOUT ROWID;
INSERT INTO subscription_of_node (automation, node, home, file, sources, events, since)
  SELECT automation, '', '', file, sources, events, since FROM subscription;
DROP TABLE subscription;
ALTER TABLE subscription_of_node RENAME TO subscription;
