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

-- --- polls -------------------------------------------------------------------------------------------

-- From where the bytes kept came, so that no poll has to look for it in their WARC file; NULL: unknown.
ALTER TABLE visits ADD COLUMN stood TEXT;

CREATE INDEX polls_by_due ON visits (due) WHERE kind = 'feed';
