-- The statements of the walk: what is due, what is known, and settling an answer.

-- name: due
-- Nobody's haste reaches a host that asked to be left alone.
SELECT * FROM arranged
WHERE due <= :now AND s_state = 'active' AND (:only IS NULL OR source = :only)
  AND (kind IN ('feed', 'part') OR NOT s_feed_only)
  AND id NOT IN (SELECT value FROM json_each(:claimed))
  AND host NOT IN (SELECT value FROM json_each(:busy))
  AND host NOT IN (SELECT host FROM holds WHERE until > :now)
ORDER BY due, id
LIMIT :limit;

-- name: due_polls
-- The plus keeps SQLite from going through all that is due: there are fewer sources than waiting articles.
SELECT * FROM arranged
WHERE +due <= :now AND kind = 'feed' AND s_state = 'active' AND (:only IS NULL OR source = :only)
  AND id NOT IN (SELECT value FROM json_each(:claimed))
  AND host NOT IN (SELECT value FROM json_each(:busy))
  AND host NOT IN (SELECT host FROM holds WHERE until > :now)
ORDER BY +due, id
LIMIT :limit;

-- name: next_due
SELECT min(due) FROM arranged
WHERE due IS NOT NULL AND s_state = 'active' AND (:only IS NULL OR source = :only)
  AND (kind IN ('feed', 'part') OR NOT s_feed_only) AND host NOT IN (SELECT host FROM holds);

-- name: next_freed
-- Of hosts that asked to be left alone: what is due waits until then.
SELECT min(max(a.due, h.until)) FROM holds h JOIN arranged a ON a.host = h.host
WHERE a.due IS NOT NULL AND a.s_state = 'active' AND (:only IS NULL OR a.source = :only)
  AND (a.kind IN ('feed', 'part') OR NOT a.s_feed_only);

-- name: waiting_at
SELECT * FROM arranged
WHERE url = :url AND (asked_at IS NULL OR asked_at < :captured_at)
ORDER BY id;

-- name: brought_to
SELECT * FROM arranged WHERE url = :url AND kind = 'article' ORDER BY id;

-- name: known_as
SELECT i.key, a.source FROM identities i LEFT JOIN articles a ON a.key = i.key WHERE i.identity = :identity;

-- name: held
SELECT max(until) FROM holds WHERE host = :host AND until > :now;

-- name: identities
SELECT identity, key FROM identities WHERE identity IN (SELECT value FROM json_each(:names));

-- name: visits_of
SELECT * FROM arranged
WHERE kind = 'article' AND key IN (SELECT value FROM json_each(:keys));

-- name: parts_of
SELECT * FROM arranged
WHERE kind = 'part' AND source = :source AND url IN (SELECT value FROM json_each(:urls));

-- name: parts_asked
-- How many parts of a source were asked in this poll, or wait for it: it began when its feed was asked.
SELECT count(*) FROM visits
WHERE kind = 'part' AND source = :source
  AND (due <= :now OR asked_at >= coalesce(
    :began, (SELECT asked_at FROM visits WHERE kind = 'feed' AND source = :source), ''));

-- name: latest_of
SELECT r.*, a.headline_json FROM articles a JOIN revisions r ON r.key = a.key AND r.number = a.latest
WHERE a.key IN (SELECT value FROM json_each(:keys));

-- name: add_visit
INSERT INTO visits (kind, source, url, host, key, due, entry_json, depth, changed, looks, failures, misses,
    announced)
VALUES (:kind, :source, :url, :host, :key, :due, :entry_json, :depth, :changed, 0, 0, 0, 0)
ON CONFLICT DO NOTHING;

-- name: put_visit
-- An entry that was announced anew while its page was asked keeps the earlier time it asks for. A visit
-- whose address was changed meanwhile stays as it is, and so does a feed's that is to be read another way.
UPDATE visits SET etag = :etag, last_modified = :last_modified, digest = :digest, ref_file = :ref_file,
    ref_offset = :ref_offset, looks = :looks, failures = :failures, misses = :misses, asked_at = :asked_at,
    hold = :hold, rhythm_json = :rhythm_json, left_out = :left_out, note = :note, error = :error, error_since = :error_since,
    due = CASE WHEN announced = :announced THEN :due ELSE due END
WHERE id = :id AND url = :url AND (kind <> 'feed' OR announced = :announced);

-- name: announce
UPDATE visits SET url = :url, host = :host, source = :source, entry_json = :entry_json, due = :due,
    announced = :announced, etag = :etag, last_modified = :last_modified, changed = :changed
WHERE id = :id;

-- name: adopt_picture
-- A picture first seen through a source that is asked no more is asked for by the next that shows it.
UPDATE visits SET source = :source
WHERE kind = 'media' AND url = :url AND due IS NOT NULL
  AND source IN (SELECT id FROM sources WHERE state <> 'active');

-- name: misdated
-- What was asked in the future was asked by a clock that was wrong: its times say nothing. No poll is put
-- off as far as this, but by a person.
SELECT id, kind FROM visits
WHERE due > :now AND (asked_at > :now
  OR (kind IN ('feed', 'part') AND due > :far AND source IN (SELECT id FROM sources WHERE every < 604800)));

-- name: overdue
-- Polls that a pause kept from being made.
SELECT id, kind FROM visits WHERE kind IN ('feed', 'part') AND due < :before AND asked_at IS NOT NULL;

-- name: put_due
UPDATE visits SET due = :due, hold = NULL WHERE id = :id;

-- name: drop_misdated_holds
DELETE FROM holds WHERE since > :now;

-- name: hold_on
SELECT * FROM holds WHERE host = :host;

-- name: put_hold
INSERT INTO holds (host, until, status, since, times) VALUES (:host, :until, :status, :since, :times)
ON CONFLICT (host) DO UPDATE SET until = excluded.until, status = excluded.status, since = excluded.since,
    times = excluded.times;

-- name: drop_hold
DELETE FROM holds WHERE host = :host;

-- name: add_gap
INSERT INTO gaps (source, since, until, seen_at, entries)
VALUES (:source, :since, :until, :seen_at, :entries);

-- name: fill_gap
UPDATE gaps SET filled_at = :now WHERE id = :id AND filled_at IS NULL;

-- name: source_moved
UPDATE sources SET url = :url WHERE id = :id AND url = :before;

-- name: feed_moved
-- What vouched for an answer at one address is not said at another.
UPDATE visits SET url = :url, host = :host, etag = NULL, last_modified = NULL
WHERE source = :source AND kind = 'feed' AND url = :before;

-- name: add_revision
INSERT INTO revisions (key, number, seen_at, verdict, digest, source, article_json, entry_json,
    refs_json, made_by, why, url)
VALUES (:key, :number, :seen_at, :verdict, :digest, :source, :article_json, :entry_json,
    :refs_json, :made_by, :why, :url);

-- name: put_article
INSERT INTO articles (key, source, at, latest, headline_json)
VALUES (:key, :source, :at, :latest, :headline_json)
ON CONFLICT (key) DO UPDATE SET latest = excluded.latest, headline_json = excluded.headline_json;

-- name: add_identity
-- An identity stays with the article it first named, unless that one was never kept.
INSERT INTO identities (identity, key) VALUES (:identity, :key)
ON CONFLICT (identity) DO UPDATE SET key = excluded.key
WHERE identities.key NOT IN (SELECT key FROM articles);

-- name: add_change
INSERT INTO changes (key, number, kind) VALUES (:key, :number, :kind);

-- name: source_answered
UPDATE sources SET last_ok = :now WHERE id = :id;

-- name: source_told
-- A person's word on the state outlives the server's.
UPDATE sources SET language = coalesce(language, :language),
    note = CASE WHEN state = 'active' THEN :note ELSE note END,
    state = CASE WHEN state = 'active' THEN :state ELSE state END
WHERE id = :id;

-- name: put_segment
INSERT INTO segments (file, settled) VALUES (:file, :settled)
ON CONFLICT (file) DO UPDATE SET settled = excluded.settled;

-- name: segments
SELECT file, settled FROM segments;

-- name: put_picture
INSERT INTO pictures (url, digest, type, ref_file, ref_offset, width, height, length, broken)
VALUES (:url, :digest, :type, :ref_file, :ref_offset, :width, :height, :length, :broken)
ON CONFLICT (url) DO UPDATE SET digest = excluded.digest, type = excluded.type,
    ref_file = excluded.ref_file, ref_offset = excluded.ref_offset, width = excluded.width,
    height = excluded.height, length = excluded.length, broken = excluded.broken;

-- name: measure_picture
UPDATE pictures SET width = :width, height = :height, length = :length, broken = :broken WHERE digest = :digest;

-- name: pictures_at
SELECT * FROM pictures WHERE url IN (SELECT value FROM json_each(:urls));

-- name: same_picture
SELECT ref_file, ref_offset FROM pictures WHERE digest = :digest LIMIT 1;

-- name: picture_came
INSERT INTO changes (key, number, kind)
SELECT a.key, a.latest, 'picture' FROM shown s JOIN articles a ON a.key = s.key WHERE s.url = :url ORDER BY a.key;

-- name: add_shown
INSERT INTO shown (url, key) VALUES (:url, :key) ON CONFLICT DO NOTHING;
