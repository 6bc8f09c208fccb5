-- Schema 3: what polls teach of a source's rhythm, hosts that want to be left alone, and gaps.

-- 1: a person chose `every`. Whoever said anything but the hour that it is by itself did.
ALTER TABLE sources ADD COLUMN steady INTEGER NOT NULL DEFAULT 0;
UPDATE sources SET steady = 1 WHERE every <> 3600;

ALTER TABLE visits ADD COLUMN rhythm_json TEXT;

CREATE INDEX visits_by_host ON visits (host) WHERE due IS NOT NULL;

-- One that has run out stays until the host answers well: the next one is then longer.
CREATE TABLE holds (
    host   TEXT PRIMARY KEY,
    until  TEXT NOT NULL,
    status INTEGER NOT NULL,
    since  TEXT NOT NULL,
    times  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE gaps (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    INTEGER NOT NULL REFERENCES sources (id),
    since     TEXT NOT NULL,
    until     TEXT NOT NULL,
    seen_at   TEXT NOT NULL,
    entries   INTEGER NOT NULL,
    filled_at TEXT
) STRICT;

CREATE INDEX gaps_by_source ON gaps (source, filled_at);

DROP VIEW arranged;

-- A visit with the source it is made for, as the walk needs both.
CREATE VIEW arranged AS
SELECT v.*, s.name AS s_name, s.url AS s_url, s.kind AS s_kind, s.selector AS s_selector,
       s.language AS s_language, s.region AS s_region, s.timezone AS s_timezone, s.category AS s_category,
       s.tags_json AS s_tags_json, s.every AS s_every, s.steady AS s_steady, s.feed_only AS s_feed_only,
       s.rights AS s_rights, s.since AS s_since, s.state AS s_state, s.note AS s_note,
       s.extra_json AS s_extra_json
FROM visits v JOIN sources s ON s.id = v.source;
