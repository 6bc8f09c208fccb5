-- Schema 1. Times are UTC as 'YYYY-MM-DDTHH:MM:SS.ffffffZ', so that text order is time order.
-- Columns named *_json hold one JSON value; their fields are those of dibao/model/.

CREATE TABLE sources (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL,
    url       TEXT NOT NULL UNIQUE,
    kind      TEXT NOT NULL,
    language  TEXT,
    region    TEXT,
    timezone  TEXT,
    category  TEXT,
    tags_json TEXT NOT NULL,
    every     INTEGER NOT NULL,
    feed_only INTEGER NOT NULL,
    rights    TEXT,
    state     TEXT NOT NULL,
    note      TEXT,
    added_at  TEXT NOT NULL,
    last_ok   TEXT
) STRICT;

CREATE TABLE visits (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL,
    source        INTEGER NOT NULL REFERENCES sources (id),
    url           TEXT NOT NULL,
    host          TEXT NOT NULL,
    key           TEXT,
    due           TEXT,
    entry_json    TEXT,
    etag          TEXT,
    last_modified TEXT,
    digest        TEXT,
    ref_file      TEXT,
    ref_offset    INTEGER,
    looks         INTEGER NOT NULL,
    failures      INTEGER NOT NULL,
    misses        INTEGER NOT NULL,
    announced     INTEGER NOT NULL,
    asked_at      TEXT,
    hold          TEXT,
    error         TEXT,
    error_since   TEXT
) STRICT;

CREATE UNIQUE INDEX visits_by_source ON visits (source) WHERE kind = 'feed';
CREATE UNIQUE INDEX visits_by_key ON visits (key) WHERE kind = 'article';
CREATE UNIQUE INDEX visits_by_picture ON visits (url) WHERE kind = 'media';
CREATE INDEX visits_by_due ON visits (due) WHERE due IS NOT NULL;
CREATE INDEX visits_by_url ON visits (url);

-- A visit with the source it is made for, as the walk needs both.
CREATE VIEW arranged AS
SELECT v.*, s.name AS s_name, s.url AS s_url, s.kind AS s_kind, s.language AS s_language,
       s.region AS s_region, s.timezone AS s_timezone, s.category AS s_category,
       s.tags_json AS s_tags_json, s.every AS s_every, s.feed_only AS s_feed_only,
       s.rights AS s_rights, s.state AS s_state, s.note AS s_note
FROM visits v JOIN sources s ON s.id = v.source;

CREATE TABLE articles (
    key           TEXT PRIMARY KEY,
    source        INTEGER NOT NULL REFERENCES sources (id),
    at            TEXT NOT NULL,
    latest        INTEGER NOT NULL,
    headline_json TEXT NOT NULL
) STRICT;

CREATE INDEX articles_by_at ON articles (at, key);

CREATE TABLE revisions (
    key          TEXT NOT NULL REFERENCES articles (key) DEFERRABLE INITIALLY DEFERRED,
    number       INTEGER NOT NULL,
    seen_at      TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    digest       TEXT NOT NULL,
    source       INTEGER NOT NULL REFERENCES sources (id),
    article_json TEXT NOT NULL,
    entry_json   TEXT,
    refs_json    TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    why          TEXT,
    url          TEXT,
    PRIMARY KEY (key, number)
) STRICT;

-- Which articles show a picture, kept or still to come.
CREATE TABLE shown (
    url TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (url, key)
) STRICT, WITHOUT ROWID;

-- Where the bytes of a picture are kept; its address is as articles show it.
CREATE TABLE pictures (
    url        TEXT PRIMARY KEY,
    digest     TEXT NOT NULL,
    type       TEXT NOT NULL,
    ref_file   TEXT NOT NULL,
    ref_offset INTEGER NOT NULL
) STRICT;

CREATE TABLE identities (
    identity TEXT PRIMARY KEY,
    key      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What consumers (posts, site, search, …) follow: a row for every revision (its verdict) and for every
-- picture that came (kind 'picture', with the article's latest number), in the order of keeping.
CREATE TABLE changes (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    key    TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind   TEXT NOT NULL
) STRICT;

CREATE TABLE consumers (
    name  TEXT PRIMARY KEY,
    seq   INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT ''
) STRICT;

-- How far each WARC file is settled: what stands after it was captured but never judged.
CREATE TABLE segments (
    file    TEXT PRIMARY KEY,
    settled INTEGER NOT NULL
) STRICT;
