-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- --- gaps --------------------------------------------------------------------------------------------

-- --- hubs --------------------------------------------------------------------------------------------

-- --- rules of robots.txt -----------------------------------------------------------------------------

-- What a site said, so that a run an hour later need not ask again.
CREATE TABLE rules (
    origin       TEXT PRIMARY KEY,
    since        TEXT NOT NULL,
    until        TEXT NOT NULL,
    body         BLOB,
    failure_json TEXT,
    tries        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- --- health ------------------------------------------------------------------------------------------
