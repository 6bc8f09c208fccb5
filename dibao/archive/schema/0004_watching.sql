-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- Null: kept before sizes were, and not measured yet.
ALTER TABLE pictures ADD COLUMN width INTEGER;
ALTER TABLE pictures ADD COLUMN height INTEGER;
ALTER TABLE pictures ADD COLUMN length INTEGER;

-- Why it can't be shown.
ALTER TABLE pictures ADD COLUMN broken TEXT;

-- The same bytes under another address are kept once.
CREATE INDEX pictures_by_digest ON pictures (digest);

-- --- gaps --------------------------------------------------------------------------------------------

-- While a gap is looked for: keys of what the polls on both of its sides held.
ALTER TABLE gaps ADD COLUMN before_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gaps ADD COLUMN after_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE gaps ADD COLUMN looked_for INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gaps ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gaps ADD COLUMN why TEXT;

-- Of the one part of a source that looks for what its gaps hide: how far it has come.
ALTER TABLE visits ADD COLUMN filling_json TEXT;

-- Its address changes with every step, and others may ask the same one.
DROP INDEX visits_by_part;
CREATE UNIQUE INDEX visits_by_part ON visits (source, url) WHERE kind = 'part' AND filling_json IS NULL;
CREATE UNIQUE INDEX visits_by_filling ON visits (source) WHERE filling_json IS NOT NULL;

-- --- hubs --------------------------------------------------------------------------------------------

-- The hubs that feeds name, and what was agreed with them. Nothing is asked of one that has no callback yet.
CREATE TABLE hubs (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    INTEGER NOT NULL REFERENCES sources (id),
    hub       TEXT NOT NULL,
    topic     TEXT NOT NULL,
    named     INTEGER NOT NULL,
    callback  TEXT UNIQUE,
    wanted    TEXT NOT NULL,
    since     TEXT,
    asked_at  TEXT,
    until     TEXT,
    length    INTEGER,
    due       TEXT,
    failures  INTEGER NOT NULL,
    refused   INTEGER NOT NULL,
    error     TEXT,
    pushed_at TEXT,
    UNIQUE (source, hub, topic)
) STRICT;

CREATE UNIQUE INDEX hubs_by_source ON hubs (source) WHERE named = 1;
CREATE INDEX hubs_by_due ON hubs (due) WHERE due IS NOT NULL;

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
CREATE INDEX articles_partial ON articles (at, key) WHERE json_extract(headline_json, '$.partial') = 1;
CREATE INDEX articles_gone ON articles (key) WHERE json_extract(headline_json, '$.gone') = 1;
CREATE INDEX articles_brought ON articles (key) WHERE json_extract(headline_json, '$.brought') = 1;
CREATE INDEX changes_edits ON changes (seq) WHERE kind = 'changed';

-- --- polls -------------------------------------------------------------------------------------------

-- From where the bytes kept came, so that no poll has to look for it in their WARC file; NULL: unknown.
ALTER TABLE visits ADD COLUMN stood TEXT;

CREATE INDEX polls_by_due ON visits (due) WHERE kind = 'feed';
