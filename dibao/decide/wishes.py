"""For how long a source wants to be left alone: what its answer and its feed say of that.

All of it is a wish that makes the wait longer, never shorter. What is absurd is cut to a day.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dibao.model import BUSY, HOLD_AT_MOST, Capture, Trouble

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

_MAX_AGE = re.compile(r"(?:^|[\s,;])max-age\s*=\s*\"?(\d+)")
_NOT_KEPT = re.compile(r"(?:^|[\s,;])no-(?:store|cache)\b")


def wished(capture: Capture, ttl: int | None) -> timedelta:
    """Return for how long an answer, or the feed in it, asks not to be asked again; a day at most."""
    said = min(timedelta(seconds=min(ttl or 0, 10**9)), DAY)
    return max(said, fresh_for(capture))


def fresh_for(capture: Capture) -> timedelta:
    """Return for how long an answer will stay as it is (RFC 9111 §4.2), a day at most; zero if unsaid."""
    said = ", ".join(value for name, value in capture.headers if name.lower() == "cache-control").lower()
    if _NOT_KEPT.search(said):
        return timedelta()
    age = span_of(capture.header("Age") or "") or timedelta()
    found = _MAX_AGE.search(said)
    lasts = span_of(found[1]) if found else expires_in(capture)
    return min(max((lasts or timedelta()) - age, timedelta()), DAY)


def expires_in(capture: Capture) -> timedelta | None:
    """Return how long after it was made an answer expires, or None where it does not say."""
    until = moment_of(capture.header("Expires") or "")
    made = moment_of(capture.header("Date") or "") or capture.captured_at
    return until - made if until else None


def span_of(said: str) -> timedelta | None:
    """Return the time that a number of seconds stands for, or None where it is no number."""
    digits = said.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    # Compared by length first: int() refuses numbers of thousands of digits.
    return timedelta(seconds=int(digits) if len(digits) < 9 else 10**9)


def moment_of(said: str) -> datetime | None:
    """Return the aware time of an HTTP date, or None where it can't be read."""
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_after(capture: Capture, now: datetime) -> timedelta | None:
    """Return how long the host asks us to stay away (RFC 9110 §10.2.3), a week at most, or None.

    Where nothing was asked, the answer is our own and says how long we wait.
    """
    said = (capture.header("Retry-After") or "").strip()
    if not said or not (capture.status in BUSY or is_unasked(capture)):
        return None
    span = span_of(said)
    until = moment_of(said) if span is None else None
    wait = until - now if until else span
    return None if wait is None else min(max(wait, timedelta()), HOLD_AT_MOST)


def is_unasked(capture: Capture) -> bool:
    """Say whether a page was not asked, so that nothing came of it and nothing failed."""
    return capture.failure is not None and capture.failure.trouble in (Trouble.UNASKED, Trouble.OFFLINE)


def is_offline(capture: Capture) -> bool:
    """Say whether it was this machine that reached nobody: that says nothing of who was to be asked."""
    return capture.failure is not None and capture.failure.trouble is Trouble.OFFLINE


def skipping(due: datetime, hours: Iterable[int], days: Iterable[int], last: datetime) -> datetime:
    """Return the first time from `due` on that lies in no hour or day to skip; at last `last`.

    A source that skips every hour, or a whole weekend, is asked at `last` all the same.
    """
    skipped, resting, at = frozenset(hours), frozenset(days), due
    while at < last and (at.hour in skipped or at.weekday() in resting):
        into = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
        # The minute stays: all who are told the same hours would come together at its beginning.
        at = at - into + HOUR + timedelta(minutes=1 + due.minute % 50, seconds=due.second)
    return min(at, max(due, last))
