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

-- How a source's polls went and what its pages brought, as far as `status` needs to remember it.
CREATE TABLE health (
    source       INTEGER PRIMARY KEY REFERENCES sources (id),
    pulse_json   TEXT NOT NULL,
    harvest_json TEXT NOT NULL
) STRICT;

-- What `status` counts, without a look at every article.
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_partial ON articles (at, key) WHERE headline_json ->> 'partial' = 1;
CREATE INDEX articles_gone ON articles (key) WHERE headline_json ->> 'gone' = 1;
CREATE INDEX articles_brought ON articles (key) WHERE headline_json ->> 'brought' = 1;
CREATE INDEX changes_edits ON changes (seq) WHERE kind = 'changed';
CREATE INDEX visits_failing ON visits (source) WHERE kind = 'article' AND failures > 0;
CREATE INDEX visits_waiting ON visits (source)
    WHERE kind = 'article' AND looks = 0 AND failures = 0 AND due IS NOT NULL;

-- --- polls -------------------------------------------------------------------------------------------

-- From where the bytes kept came, so that no poll has to look for it in their WARC file; NULL: unknown.
ALTER TABLE visits ADD COLUMN stood TEXT;

CREATE INDEX polls_by_due ON visits (due) WHERE kind = 'feed';
