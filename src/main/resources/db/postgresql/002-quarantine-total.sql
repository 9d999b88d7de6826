-- What the quarantine holds, so that a refusal need not count it. One row; counted anew at each start.
CREATE TABLE quarantine_total (
  entries BIGINT  NOT NULL,
  bytes   BIGINT  NOT NULL              -- of bodies
);
INSERT INTO quarantine_total SELECT count(*), coalesce(sum(length(body)), 0) FROM quarantine;

CREATE INDEX quarantine_oldest ON quarantine (last_at, seq);
