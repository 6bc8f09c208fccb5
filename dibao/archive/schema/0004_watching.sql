-- Schema 4: what a watch that never ends needs to remember.

-- --- pictures ----------------------------------------------------------------------------------------

-- --- gaps --------------------------------------------------------------------------------------------

-- --- hubs --------------------------------------------------------------------------------------------

-- --- rules of robots.txt -----------------------------------------------------------------------------

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
