-- Definitions of automations that were told to be broken.
CREATE TABLE breakage (
  origin TEXT    PRIMARY KEY,
  cause  TEXT    NOT NULL,                    -- empty once it is mended
  times  INTEGER NOT NULL                     -- how often it was told
);
