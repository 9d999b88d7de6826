ALTER TABLE event ADD COLUMN removed_at BIGINT;                       -- when its payload went
ALTER TABLE event ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;   -- 1: only the key is left, so that it stays known
CREATE INDEX event_kept ON event (received_at, seq) WHERE purged = 0;
CREATE INDEX event_tombstone ON event (received_at) WHERE purged = 1;
CREATE INDEX idempotency_delivery ON idempotency (delivery_id);
CREATE INDEX idempotency_age ON idempotency (added_at);
