-- What people and publishers read, and what people decide.

-- name: sources
SELECT * FROM sources ORDER BY id;

-- name: source
SELECT * FROM sources WHERE id = :id;

-- name: source_at
SELECT * FROM sources WHERE url = :url;

-- name: add_source
INSERT INTO sources (name, url, kind, selector, language, region, timezone, category, tags_json, every,
    steady, feed_only, rights, since, state, note, extra_json, added_at)
VALUES (:name, :url, :kind, :selector, :language, :region, :timezone, :category, :tags_json, :every,
    :steady, :feed_only, :rights, :since, :state, :note, :extra_json, :now);

-- name: put_source
UPDATE sources SET name = :name, url = :url, kind = :kind, selector = :selector, language = :language,
    region = :region, timezone = :timezone, category = :category, tags_json = :tags_json, every = :every,
    steady = :steady, feed_only = :feed_only, rights = :rights, since = :since, state = :state, note = :note,
    extra_json = :extra_json
WHERE id = :id;

-- name: begin_anew
-- Nothing vouches for what a source said at another address, or read another way.
UPDATE visits SET url = :url, host = :host, etag = NULL, last_modified = NULL, digest = NULL, left_out = 0,
    note = NULL, rhythm_json = NULL, announced = announced + 1
WHERE source = :source AND kind = 'feed';

-- name: forget_parts
DELETE FROM visits WHERE source = :source AND kind = 'part' AND filling_json IS NULL;

-- name: forget_filling
DELETE FROM visits WHERE source = :source AND filling_json IS NOT NULL;

-- name: stop_filling
UPDATE gaps SET looked_for = 0, before_json = '[]', after_json = '[]', why = :why
WHERE source = :source AND looked_for;

-- name: rename
UPDATE articles SET headline_json = json_set(headline_json, '$.source', :name, '$.category', :category)
WHERE source = :id;

-- name: publish_all
UPDATE consumers SET state = '';

-- name: forget_validators
UPDATE visits SET etag = NULL, last_modified = NULL, digest = NULL WHERE kind IN ('feed', 'part');

-- name: hasten
-- What a host asked for is not broken by a person's haste: `due` of the walk leaves out hosts on hold.
UPDATE visits SET due = :now
WHERE source = :id AND (hold IS NULL OR hold <= :now)
  AND host NOT IN (SELECT host FROM holds WHERE until > :now)
  AND (kind = 'feed' OR (kind = 'part' AND changed IS NULL AND asked_at <= :rested
    AND source IN (SELECT id FROM sources WHERE kind = 'sitemap')));

-- name: go_on
-- Older pages that were not read, or not taken whole; they are read anew.
UPDATE visits SET due = :now, etag = NULL, last_modified = NULL, digest = NULL
WHERE source = :source AND kind = 'part' AND filling_json IS NULL AND (looks = 0 OR failures > 0 OR left_out > 0);

-- name: older_due
SELECT count(*) FROM visits
WHERE source = :source AND kind = 'part' AND filling_json IS NULL AND due <= :now;

-- name: hasten_failed
UPDATE visits SET due = :now
WHERE failures > 0 AND due > :now AND (hold IS NULL OR hold <= :now)
  AND host NOT IN (SELECT host FROM holds WHERE until > :now) AND (:id IS NULL OR source = :id);

-- name: feed_visits
SELECT * FROM arranged WHERE kind = 'feed' ORDER BY source;

-- name: articles_by_source
SELECT source, count(*) AS articles FROM articles GROUP BY source;

-- name: looks_by_source
-- One look at all visits, without an index of their own: that would cost every answer more.
SELECT source, sum(failures > 0) AS failing, sum(looks = 0 AND failures = 0 AND due IS NOT NULL) AS waiting
FROM visits WHERE kind = 'article' AND (failures > 0 OR looks = 0)
GROUP BY source;

-- name: left_out_by_source
-- By their parts; of a feed itself, its visit tells.
SELECT source, sum(left_out) AS left_out FROM visits WHERE kind = 'part' AND left_out > 0 GROUP BY source;

-- name: parts_by_source
SELECT source, count(*) AS parts FROM visits WHERE kind = 'part' AND filling_json IS NULL
GROUP BY source;

-- name: notes
SELECT source, id, kind, url, note, error FROM visits WHERE kind = 'feed' AND note IS NOT NULL
UNION ALL
SELECT source, id, kind, url, note, error FROM visits
WHERE kind = 'part' AND filling_json IS NULL AND (note IS NOT NULL OR error IS NOT NULL)
ORDER BY source, id;

-- name: totals
SELECT (SELECT count(*) FROM articles) AS articles,
       (SELECT count(*) FROM revisions) AS revisions,
       (SELECT count(*) FROM changes WHERE kind = 'changed') AS edits,
       (SELECT count(*) FROM articles WHERE json_extract(headline_json, '$.gone') = 1) AS gone,
       (SELECT count(*) FROM articles WHERE json_extract(headline_json, '$.partial') = 1) AS partial,
       (SELECT count(*) FROM articles WHERE json_extract(headline_json, '$.brought') = 1) AS brought,
       (SELECT count(*) FROM visits WHERE due IS NOT NULL) AS visits;

-- name: headlines
SELECT headline_json FROM articles ORDER BY at, key;

-- name: keys_like
SELECT key FROM articles WHERE key LIKE :start || '%' ORDER BY key LIMIT 2;

-- name: key_at
SELECT i.key FROM identities i JOIN articles a ON a.key = i.key WHERE i.identity = :identity;

-- name: revisions_of
SELECT * FROM revisions WHERE key = :key ORDER BY number;

-- name: partial
-- A line says `partial` where its latest revision has a reason.
SELECT a.headline_json, r.why FROM articles a JOIN revisions r ON r.key = a.key AND r.number = a.latest
WHERE json_extract(a.headline_json, '$.partial') = 1 AND r.why IS NOT NULL ORDER BY a.at, a.key LIMIT :limit;

-- name: all_keys
SELECT key FROM articles ORDER BY at, key;

-- name: arrivals
SELECT seq, key FROM changes WHERE kind = 'new' ORDER BY seq;

-- name: changed_after
SELECT seq, key, number, kind FROM changes WHERE seq > :seq ORDER BY seq;

-- name: consumer
SELECT seq, state FROM consumers WHERE name = :name;

-- name: put_consumer
INSERT INTO consumers (name, seq, state) VALUES (:name, :seq, :state)
ON CONFLICT (name) DO UPDATE SET seq = excluded.seq,
  state = CASE WHEN :found IS NULL OR state = :found THEN excluded.state ELSE state END;

-- name: latest_change
SELECT coalesce(max(seq), 0) FROM changes;

-- name: pictures
SELECT * FROM pictures ORDER BY url;

-- name: holds
SELECT * FROM holds WHERE until > :now ORDER BY host;

-- name: gaps
-- Those that were not filled, or all there ever were.
SELECT * FROM gaps WHERE (:source IS NULL OR source = :source) AND (:all OR filled_at IS NULL)
ORDER BY source, since, id;

-- name: standings
-- Without the keys of what a poll saw last, which are most of it, unless it saw nothing: then it matters whether
-- one before did.
SELECT v.id, v.kind, v.source, v.url, v.key, v.due, NULL AS entry_json, v.etag, v.last_modified, v.digest,
       v.ref_file, v.ref_offset, v.stood, v.looks, v.failures, v.misses, v.announced, v.asked_at, v.hold, v.depth,
       v.changed, NULL AS filling_json, v.left_out, v.note, v.error, v.error_since, s.last_ok,
       CASE WHEN json_extract(v.rhythm_json, '$.size') > 0 THEN json_remove(v.rhythm_json, '$.window', '$.kept')
            ELSE v.rhythm_json END AS rhythm_json,
       h.pulse_json, h.harvest_json
FROM sources s JOIN visits v ON v.source = s.id LEFT JOIN health h ON h.source = s.id
WHERE v.kind = 'feed' AND s.id IN (SELECT value FROM json_each(:sources));

-- name: pages_of
-- Visits of articles whose page is kept and stood at a host, or at one that has its name in it: the caller looks.
SELECT * FROM arranged
WHERE kind = 'article' AND ref_file IS NOT NULL AND (instr(host, :host) > 0 OR instr(stood, :host) > 0)
ORDER BY asked_at DESC, id DESC LIMIT :limit;

-- name: page_at
SELECT a.* FROM identities i JOIN arranged a ON a.key = i.key
WHERE i.identity = :identity AND a.kind = 'article' AND a.ref_file IS NOT NULL;
