-- What is known of a step: finished; failed, and the route caught it; begun; unsure, where its effect may have happened.
-- The state of a failed one is the failure, of a begun or unsure one it is empty.
ALTER TABLE step ADD COLUMN kind TEXT NOT NULL DEFAULT 'finished';
ALTER TABLE step ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0; -- that wrote it
