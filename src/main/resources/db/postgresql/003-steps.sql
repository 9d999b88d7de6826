-- The outside effects that an unfinished delivery has behind it. They go when it succeeds.
CREATE TABLE step (
  delivery_id TEXT    NOT NULL,
  key         TEXT    NOT NULL,
  state       TEXT    NOT NULL,               -- how the step left the message
  finished_at BIGINT  NOT NULL,
  PRIMARY KEY (delivery_id, key)
);
