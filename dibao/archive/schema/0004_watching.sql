-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- --- gaps --------------------------------------------------------------------------------------------

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

-- --- health ------------------------------------------------------------------------------------------
