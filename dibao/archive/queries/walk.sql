-- The statements of the walk: what is due, what is known, and settling an answer.

-- name: due
-- All but the polls. Nobody's haste reaches a host that asked to be left alone.
SELECT * FROM arranged
WHERE due <= :now AND kind <> 'feed' AND s_state = 'active' AND (:only IS NULL OR source = :only)
  AND (kind = 'part' OR NOT s_feed_only)
  AND id NOT IN (SELECT value FROM json_each(:claimed))
  AND NOT EXISTS (SELECT 1 FROM json_each(:busy) WHERE value = host OR '.' || value =
    substr('.' || substr(host, 1, instr(host || ':', ':') - 1), -length(value) - 1))
  AND host NOT IN (SELECT host FROM holds WHERE until > :now)
ORDER BY due, id
LIMIT :limit;

-- name: due_polls
SELECT * FROM arranged
WHERE due <= :now AND kind = 'feed' AND s_state = 'active' AND (:only IS NULL OR source = :only)
  AND id NOT IN (SELECT value FROM json_each(:claimed))
  AND NOT EXISTS (SELECT 1 FROM json_each(:busy) WHERE value = host OR '.' || value =
    substr('.' || substr(host, 1, instr(host || ':', ':') - 1), -length(value) - 1))
  AND host NOT IN (SELECT host FROM holds WHERE until > :now)
ORDER BY due, id
LIMIT :limit;

-- name: next_due
-- In this order the first that is found is the answer; for a minimum SQLite would look at every visit.
SELECT due FROM arranged
WHERE due IS NOT NULL AND s_state = 'active' AND (:only IS NULL OR source = :only)
  AND (kind IN ('feed', 'part') OR NOT s_feed_only) AND host NOT IN (SELECT host FROM holds)
ORDER BY due
LIMIT 1;

-- name: next_freed
-- Of hosts that asked to be left alone: what is due waits until then. CROSS: first the holds, which are few.
SELECT min(max(a.due, h.until)) FROM holds h CROSS JOIN arranged a ON a.host = h.host
WHERE a.due IS NOT NULL AND a.s_state = 'active' AND (:only IS NULL OR a.source = :only)
  AND (a.kind IN ('feed', 'part') OR NOT a.s_feed_only);

-- name: waiting_at
SELECT * FROM arranged
WHERE url = :url AND (asked_at IS NULL OR asked_at < :captured_at)
ORDER BY due IS NULL, id;

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
WHERE kind = 'part' AND filling_json IS NULL AND source = :source
  AND url IN (SELECT value FROM json_each(:urls));

-- name: parts_asked
-- How many parts of a source were asked in this poll, or wait for it: it began when its feed was asked.
SELECT count(*) FROM visits
WHERE kind = 'part' AND filling_json IS NULL AND source = :source
  AND (due <= :now OR asked_at >= coalesce(
    :began, (SELECT asked_at FROM visits WHERE kind = 'feed' AND source = :source), ''));

-- name: latest_of
SELECT r.*, a.headline_json FROM articles a JOIN revisions r ON r.key = a.key AND r.number = a.latest
WHERE a.key IN (SELECT value FROM json_each(:keys));

-- name: add_visit
INSERT INTO visits (kind, source, url, host, key, due, entry_json, depth, changed, filling_json, looks,
    failures, misses, announced)
VALUES (:kind, :source, :url, :host, :key, :due, :entry_json, :depth, :changed, :filling_json, 0, 0, 0, 0)
ON CONFLICT DO NOTHING;

-- name: add_next
-- A further page of an article, once.
INSERT INTO visits (kind, source, url, host, key, due, depth, looks, failures, misses, announced)
SELECT :kind, :source, :url, :host, :key, :due, :depth, 0, 0, 0, 0
WHERE NOT EXISTS (SELECT 1 FROM visits WHERE kind = 'next' AND key = :key AND url = :url);

-- name: next_again
-- The page before it says once more that it follows: one that was given up is asked again, and any at once
-- where the one before it changed, since text may have gone from the one to the other.
UPDATE visits SET source = :source, depth = :depth, due = CASE WHEN :changed THEN :due ELSE coalesce(due, :due) END
WHERE kind = 'next' AND key = :key AND url = :url;

-- name: next_of
SELECT * FROM arranged WHERE kind = 'next' AND key = :key ORDER BY depth, id;

-- name: put_visit
-- An entry that was announced anew while its page was asked keeps the earlier time it asks for. A visit
-- whose address was changed meanwhile stays as it is, and so does a feed's that is to be read another way.
UPDATE visits SET etag = :etag, last_modified = :last_modified, digest = :digest, ref_file = :ref_file,
    ref_offset = :ref_offset, stood = :stood, looks = :looks, failures = :failures, misses = :misses, asked_at = :asked_at,
    hold = :hold, rhythm_json = :rhythm_json, left_out = :left_out, note = :note, error = :error, error_since = :error_since,
    due = CASE WHEN announced = :announced THEN :due ELSE due END
WHERE id = :id AND url = :url AND (kind <> 'feed' OR announced = :announced);

-- name: announce
UPDATE visits SET url = :url, host = :host, source = :source, entry_json = :entry_json, due = :due,
    announced = :announced, etag = :etag, last_modified = :last_modified, changed = :changed,
    filling_json = :filling_json
WHERE id = :id;

-- name: adopt_picture
-- A picture first seen through a source that is asked no more is asked for by the next that shows it.
UPDATE visits SET source = :source
WHERE kind = 'media' AND url = :url AND due IS NOT NULL
  AND source IN (SELECT id FROM sources WHERE state <> 'active');

-- name: set_back
-- What was asked in the near future: the clock was set back a little, and the waits hold.
SELECT id, due, asked_at FROM visits WHERE due > :now AND asked_at > :now AND asked_at <= :tomorrow;

-- name: misdated
-- What was asked in the far future was asked by a clock that was wrong: its times say nothing. No poll is put
-- off as far as this, but by a person; and what was never asked is put off by nobody.
SELECT id, kind FROM visits
WHERE due > :now AND (asked_at > :tomorrow OR (asked_at IS NULL AND due > :tomorrow)
  OR (kind IN ('feed', 'part') AND due > :far AND source IN (SELECT id FROM sources WHERE every < 604800)));

-- name: overdue
-- Polls that a pause kept from being made.
SELECT id, kind FROM visits WHERE kind IN ('feed', 'part') AND due < :before AND asked_at IS NOT NULL;

-- name: put_due
UPDATE visits SET due = :due, hold = NULL, asked_at = min(asked_at, :now) WHERE id = :id;

-- name: misdated_holds
-- When a host asked for peace is not known then, but for how long it did.
SELECT * FROM holds WHERE since > :now;

-- name: hold_on
SELECT * FROM holds WHERE host = :host;

-- name: put_hold
INSERT INTO holds (host, until, status, since, times) VALUES (:host, :until, :status, :since, :times)
ON CONFLICT (host) DO UPDATE SET until = excluded.until, status = excluded.status, since = excluded.since,
    times = excluded.times;

-- name: drop_hold
DELETE FROM holds WHERE host = :host;

-- name: rules_of
SELECT * FROM rules WHERE origin = :origin;

-- name: put_rules
INSERT INTO rules (origin, since, until, body, failure_json, tries)
VALUES (:origin, :since, :until, :body, :failure_json, :tries)
ON CONFLICT (origin) DO UPDATE SET since = excluded.since, until = excluded.until, body = excluded.body,
    failure_json = excluded.failure_json, tries = excluded.tries;

-- name: drop_rules
-- Asked for no more: good rules hold for a week beyond the day that they were asked for.
DELETE FROM rules WHERE until < :before;

-- name: add_gap
INSERT INTO gaps (source, since, until, seen_at, entries, before_json, after_json, looked_for, tries, why)
VALUES (:source, :since, :until, :seen_at, :entries, :before_json, :after_json, :looked_for, :tries, :why);

-- name: put_gap
UPDATE gaps SET filled_at = coalesce(filled_at, :filled_at), before_json = :before_json,
    after_json = :after_json, looked_for = :looked_for, tries = :tries, why = :why
WHERE id = :id;

-- name: gaps_sought
SELECT * FROM gaps WHERE source = :source AND filled_at IS NULL AND looked_for ORDER BY since, id;

-- name: filling_of
SELECT * FROM arranged WHERE source = :source AND filling_json IS NOT NULL;

-- name: gap_changed
-- A gap is of no article; what is published of its source says it.
INSERT INTO changes (key, number, kind) VALUES ('', 0, 'gap');

-- name: fill_gap
UPDATE gaps SET filled_at = :now, before_json = '[]', after_json = '[]', looked_for = 0, why = NULL
WHERE id = :id AND filled_at IS NULL;

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

-- name: pulse
SELECT pulse_json FROM health WHERE source = :source;

-- name: harvest
SELECT harvest_json FROM health WHERE source = :source;

-- name: put_pulse
INSERT INTO health (source, pulse_json, harvest_json) VALUES (:source, :pulse_json, :harvest_json)
ON CONFLICT (source) DO UPDATE SET pulse_json = excluded.pulse_json;

-- name: put_harvest
INSERT INTO health (source, pulse_json, harvest_json) VALUES (:source, :pulse_json, :harvest_json)
ON CONFLICT (source) DO UPDATE SET harvest_json = excluded.harvest_json;
