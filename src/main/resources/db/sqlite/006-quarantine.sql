-- Who sent what is in quarantine: an IPv4 address, or a /64 of IPv6.
ALTER TABLE quarantine ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;     -- of body and headers
ALTER TABLE quarantine ADD COLUMN later TEXT NOT NULL DEFAULT '[]';     -- requests with the same body and other headers
UPDATE quarantine SET sender = address, bytes = length(body) + length(headers) + length(uri);

CREATE TABLE quarantine_sender (
  sender  TEXT    PRIMARY KEY,
  entries INTEGER NOT NULL,
  bytes   INTEGER NOT NULL
);
INSERT INTO quarantine_sender (sender, entries, bytes)
  SELECT sender, count(*), sum(bytes) FROM quarantine GROUP BY sender;
UPDATE quarantine_total SET bytes = (SELECT coalesce(sum(bytes), 0) FROM quarantine);
CREATE INDEX quarantine_sender_entries ON quarantine_sender (entries DESC, sender);
CREATE INDEX quarantine_sender_bytes ON quarantine_sender (bytes DESC, sender);
CREATE INDEX quarantine_of_sender ON quarantine (sender, last_at, seq);
CREATE INDEX quarantine_of_source ON quarantine (source, received_at, seq);

-- When each secret of a source last verified a request; the secret as a keyed digest.
CREATE TABLE secret_match (
  source     TEXT    NOT NULL,
  secret     TEXT    NOT NULL,
  matched_at INTEGER NOT NULL,
  PRIMARY KEY (source, secret)
);
