"""How often a source publishes, learnt from its polls: by hour of the day and day of the week.

Counts fade, so that a source that changes its habits is known anew within weeks. A profile is trusted as
far as it was seen: a few entries say how many come, not when.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dibao.decide.wishes import DAY, HOUR
from dibao.model import Feed, Rhythm

FADE = 14 * DAY  # in which what was counted loses half its weight
LOOKED_BACK = 28 * DAY  # of a first poll's dates: older entries are pinned or rare
HOURS_KNOWN, DAYS_KNOWN = 7 * DAY, 28 * DAY  # of watching: then the profile of the day, of the week, counts
MOST = 500  # entries of a window that are remembered
LIKELY_FULL = 10  # entries of a first poll: a list so long is as long as it gets
Seen = tuple[tuple[str, ...], datetime | None]  # an entry: keys it goes by, and its date where it is believed


def learnt(before: Rhythm, entries: Sequence[Seen], feed: Feed, now: datetime) -> Rhythm:
    """Return what is known of a source after a poll that showed these entries."""
    rhythm = watched(before, now)
    known = frozenset(rhythm.window)
    latest = newest_first(entries)[:MOST]  # of a sitemap: the rest is history
    fresh = [(keys, at) for keys, at in latest if known.isdisjoint(keys)]
    window = dict.fromkeys(key for keys, _ in latest for key in keys)
    pushed_out = not known <= window.keys() if known else len(entries) >= LIKELY_FULL
    dates = [at for _, at in entries if at and at <= now]
    counted = replace(
        rhythm,
        window=tuple(window) or rhythm.window,
        size=len(entries),
        newest=max(filter(None, (rhythm.newest, *dates)), default=None),
        is_full=0 < len(entries) <= MOST and (rhythm.is_full or pushed_out),
        fresh=len(fresh),
        idle=0 if fresh else before.idle,
        ttl=feed.ttl,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )
    if rhythm.window:
        since = before.polled or now
        return counted_in(counted, [at if at and since < at <= now else now for _, at in fresh])
    return begun(counted, dates, now)


def begun(rhythm: Rhythm, dates: Iterable[datetime], now: datetime) -> Rhythm:
    """Return the rhythm with what the dates of a first poll tell."""
    recent = [at for at in dates if now - at <= LOOKED_BACK]
    span = max((now - at for at in recent), default=timedelta()) / HOUR
    return counted_in(replace(rhythm, span=rhythm.span + span), recent)


def counted_in(rhythm: Rhythm, times: Iterable[datetime]) -> Rhythm:
    """Return the rhythm with one entry more at each of these times."""
    hours, days = list(rhythm.hours), list(rhythm.days)
    for at in times:
        hours[at.hour] += 1
        days[at.weekday()] += 1
    return replace(rhythm, hours=tuple(hours), days=tuple(days))


def watched(rhythm: Rhythm, now: datetime, *, fresh: int = 0, idle: int = 0) -> Rhythm:
    """Return the rhythm after the time since the last poll: what was counted fades a little.

    A clock that went backwards let no time pass.
    """
    passed = max(now - rhythm.polled, timedelta()) if rhythm.polled else timedelta()
    kept = 0.5 ** (passed / FADE)
    return replace(
        rhythm,
        began=min(rhythm.began, now),
        polled=now,
        fresh=fresh,
        idle=idle,
        span=(rhythm.span + min(passed, 4 * FADE) / HOUR) * kept,
        hours=tuple([count * kept for count in rhythm.hours]),
        days=tuple([count * kept for count in rhythm.days]),
    )


def unchanged(rhythm: Rhythm, now: datetime) -> Rhythm:
    """Return what is known of a source after an answer that was the one before."""
    return watched(rhythm, now, idle=rhythm.idle + 1)


def newest_first(entries: Sequence[Seen]) -> list[Seen]:
    """Return entries by their dates, the latest first; those without keep their order at the end."""
    return sorted(entries, key=lambda entry: -entry[1].timestamp() if entry[1] else 0.0)


def time_for(rhythm: Rhythm, amount: float, now: datetime, *, least: float = 0.0) -> timedelta:
    """Return how long it takes a source to publish so many entries, by its rhythm; a day at most.

    `least` of the usual number is expected at any hour, however quiet it was so far.
    """
    total = sum(rhythm.hours)
    if not total or rhythm.span <= 0:
        return DAY
    expected, at = 0.0, now
    while at - now < DAY:
        rate = total / rhythm.span * max(least, busy_at(rhythm, at, now - rhythm.began))
        if expected + rate >= amount:
            return at - now + HOUR * ((amount - expected) / rate)
        expected, at = expected + rate, at + HOUR
    return DAY


def busy_at(rhythm: Rhythm, at: datetime, known: timedelta) -> float:
    """Return how busy a source is at a time; 1.0 is usual, and all that is said before enough was seen."""
    by_hour = share(rhythm.hours, at.hour) if known >= HOURS_KNOWN else 1.0
    by_day = share(rhythm.days, at.weekday()) if known >= DAYS_KNOWN else 1.0
    return by_hour * by_day


def share(counts: Sequence[float], index: int) -> float:
    """Return how much more than usual falls on one of these counts.

    One entry is added to each: where little was seen, all hours and days are alike.
    """
    return (counts[index] + 1) / (sum(counts) + len(counts)) * len(counts)
