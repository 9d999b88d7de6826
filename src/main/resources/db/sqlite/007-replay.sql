-- How often the delivery was replayed after it had succeeded.
ALTER TABLE delivery ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
-- An automation gets an event once, whoever makes the delivery.
CREATE UNIQUE INDEX delivery_once ON delivery (event_id, automation);
DROP INDEX delivery_event;
-- What a replay cannot run is found without reading every event.
CREATE INDEX event_purged ON event (id) WHERE body IS NULL;
