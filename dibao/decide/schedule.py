"""When to ask next, and what a visit remembers until then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dibao.model import Capture, Trouble, Visit

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

# How long after a look we look again: most edits and removals come early, some come late.
PACE = (HOUR, 6 * HOUR, DAY, WEEK, 4 * WEEK, 26 * WEEK)
HOLD_AT_MOST = WEEK
# Troubles that an hour will not mend.
LASTING = {Trouble.URL, Trouble.BLOCKED, Trouble.ROBOTS}


def retry_after(capture: Capture, now: datetime) -> timedelta | None:
    """Return how long the host asks us to stay away (RFC 9110 §10.2.3), a week at most, or None."""
    value = (capture.header("Retry-After") or "").strip()
    if capture.status not in (429, 503) or not value:
        return None
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value), 10**9)), HOLD_AT_MOST)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), HOLD_AT_MOST)


def backoff(failures: int) -> timedelta:
    """Return the wait after so many failures in a row."""
    return min(HOUR * (1 << min(failures - 1, 16)), WEEK)  # sites come back: never stop asking


def next_look(looks: int) -> timedelta:
    """Return the wait before an article is looked at again."""
    return PACE[min(looks, len(PACE)) - 1]


def why_not(capture: Capture, asked_conditionally: bool) -> str | None:
    """Return why an answer can't be read, in words, or None when it can."""
    if capture.failure:
        return str(capture.failure)
    if capture.status == 200 or (capture.status == 304 and asked_conditionally):
        return None
    return f"the server answered {capture.status}"


def remembered(visit: Visit, capture: Capture, due: datetime | None) -> Visit:
    """Return the visit after an answer that was read: validators now vouch for what is kept."""
    fresh = capture.status == 200
    return replace(
        visit,
        due=due,
        etag=capture.header("ETag") or (None if fresh else visit.etag),
        last_modified=capture.header("Last-Modified") or (None if fresh else visit.last_modified),
        digest=capture.digest if fresh else visit.digest,
        ref=capture.ref if fresh and capture.ref else visit.ref,
        looks=visit.looks + 1,
        failures=0,
        misses=0,
        asked_at=capture.captured_at,
        hold=None,
        error=None,
        error_since=None,
    )


def failed(visit: Visit, capture: Capture, why: str, now: datetime) -> Visit:
    """Return the visit after an answer that could not be read: asked again, later and later."""
    failures = visit.failures + 1
    lasting = capture.failure is not None and capture.failure.trouble in LASTING
    wait = WEEK if lasting else backoff(failures)
    hold = retry_after(capture, now)
    return replace(
        visit,
        due=now + max(wait, hold or wait),
        failures=failures,
        misses=0,
        asked_at=capture.captured_at,
        hold=now + hold if hold else None,
        error=why,
        error_since=visit.error_since or now,
    )
