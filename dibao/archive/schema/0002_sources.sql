-- Schema 2: sitemaps and list pages as sources, what a list says of a source beyond our fields, and further
-- parts of a feed as visits.

ALTER TABLE sources ADD COLUMN selector TEXT;
ALTER TABLE sources ADD COLUMN since TEXT;
-- Pairs of name and value.
ALTER TABLE sources ADD COLUMN extra_json TEXT NOT NULL DEFAULT '[]';

ALTER TABLE visits ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN changed TEXT;
ALTER TABLE visits ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN note TEXT;

CREATE UNIQUE INDEX visits_by_part ON visits (source, url) WHERE kind = 'part';

DROP VIEW arranged;

-- A visit with the source it is made for, as the walk needs both.
CREATE VIEW arranged AS
SELECT v.*, s.name AS s_name, s.url AS s_url, s.kind AS s_kind, s.selector AS s_selector,
       s.language AS s_language, s.region AS s_region, s.timezone AS s_timezone, s.category AS s_category,
       s.tags_json AS s_tags_json, s.every AS s_every, s.feed_only AS s_feed_only,
       s.rights AS s_rights, s.since AS s_since, s.state AS s_state, s.note AS s_note,
       s.extra_json AS s_extra_json
FROM visits v JOIN sources s ON s.id = v.source;
