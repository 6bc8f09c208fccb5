-- The statements about hubs: which are named, what was agreed with them, whom to ask next.

-- name: lease_of
SELECT * FROM hubs WHERE source = :source AND named = 1;

-- name: leases
SELECT * FROM hubs ORDER BY source, id;

-- name: lease_at
SELECT * FROM hubs WHERE callback = :callback;

-- name: lease
SELECT * FROM hubs WHERE id = :id;

-- name: feed_of
SELECT * FROM arranged WHERE source = :source AND kind = 'feed';

-- name: unname
UPDATE hubs SET named = 0 WHERE source = :source AND named = 1;

-- name: drop_unasked
DELETE FROM hubs WHERE source = :source AND named = 0 AND callback IS NULL;

-- name: name
INSERT INTO hubs (source, hub, topic, named, wanted, failures, refused)
VALUES (:source, :hub, :topic, 1, 'subscribe', 0, 0)
ON CONFLICT (source, hub, topic) DO UPDATE SET named = 1;

-- name: put_lease
UPDATE hubs SET callback = :callback, wanted = :wanted, since = :since, asked_at = :asked_at, until = :until,
    length = :length, due = :due, failures = :failures, refused = :refused, error = :error,
    pushed_at = :pushed_at
WHERE id = :id;

-- name: put_poll
UPDATE visits SET due = :due WHERE id = :id AND due > :due;

-- name: misaimed
-- A hub is wanted while a feed names it and its source is asked.
SELECT h.* FROM hubs h JOIN sources s ON s.id = h.source
WHERE (h.named = 1 AND s.state = 'active') <> (h.wanted = 'subscribe');

-- name: without_callback
-- Of a source that had another hub: whether it did, for a feed that names a new one each time.
SELECT h.*, EXISTS (
    SELECT 1 FROM hubs o WHERE o.source = h.source AND o.id <> h.id AND o.callback IS NOT NULL
  ) AS changed
FROM hubs h WHERE h.callback IS NULL AND h.wanted = 'subscribe'
ORDER BY h.id LIMIT 500;

-- name: with_callback
SELECT * FROM hubs WHERE callback IS NOT NULL;

-- name: called_elsewhere
SELECT * FROM hubs WHERE callback IS NOT NULL AND substr(callback, 1, length(:base)) <> :base;

-- name: misdated
SELECT * FROM hubs WHERE asked_at > :now OR due > :far;

-- name: drop_over
-- The callback of a source that was removed stays known: whoever still pushes there is told that it is gone.
DELETE FROM hubs
WHERE wanted = 'unsubscribe' AND named = 0 AND until IS NULL AND since < :before
  AND source IN (SELECT id FROM sources WHERE state <> 'removed');

-- name: due_leases
SELECT * FROM hubs WHERE due <= :now AND callback IS NOT NULL ORDER BY due, id LIMIT :limit;

-- name: told
-- What the hub said meanwhile, through the callback, is newer.
UPDATE hubs SET failures = :failures, refused = :refused, error = :error, due = :due
WHERE id = :id AND asked_at = :asked_at;
