"""Whether a source is silent: measured by its own rhythm, in time that was watched."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dibao.decide.rhythm import DAYS_KNOWN, HOURS_KNOWN, busy_at
from dibao.decide.vitals import TOLD_BY
from dibao.decide.wishes import DAY, HOUR, WEEK
from dibao.model import Finding, Level, Pulse, Rhythm, Signs
from dibao.text import count

SILENT, DEAD = 4.0, 12.0  # polls with something new that would have been expected
LEAST, LEAST_DEAD = DAY, 3 * DAY  # a day has a night
UNKNOWN, NEVER = (
    4 * DAY,
    10 * DAY,
)  # before its days are known, for its weekends; before it ever brought anything
OLD = 30 * DAY  # of a source without a rhythm


def silence(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a source which answers well brings nothing new.

    All is seen from its last good poll: while nobody asks, nobody is silent. In the first week nothing
    is said.
    """
    rhythm, pulse = signs.poll.rhythm if signs.poll else None, signs.pulse
    if rhythm is None or rhythm.polled is None or rhythm.polled - rhythm.began < HOURS_KNOWN:
        return
    quiet = quiet_for(pulse, rhythm)
    missed = expected(pulse, rhythm, quiet)
    if missed >= (SILENT if pulse.times >= TOLD_BY else DEAD) and quiet >= least(pulse, rhythm):
        dead = missed >= DEAD and quiet >= LEAST_DEAD and pulse.times >= TOLD_BY
        yield told(signs, pulse, rhythm, quiet, Level.BAD if dead else Level.WATCH)
    elif is_old(signs, pulse, rhythm):
        yield told(signs, pulse, rhythm, quiet, Level.WATCH)


def quiet_for(pulse: Pulse, rhythm: Rhythm) -> timedelta:
    """Return for how long a source was watched, up to its last good poll, since it brought something."""
    uncounted = (
        max(rhythm.polled - pulse.counted, timedelta()) if rhythm.polled and pulse.counted else timedelta()
    )
    return HOUR * pulse.quiet + uncounted


def least(pulse: Pulse, rhythm: Rhythm) -> timedelta:
    """Return how long a silence has to be before it is one."""
    if not pulse.times:
        return NEVER
    is_known = rhythm.polled is not None and rhythm.polled - rhythm.began >= DAYS_KNOWN
    return LEAST if is_known else UNKNOWN


def expected(pulse: Pulse, rhythm: Rhythm, quiet: timedelta) -> float:
    """Return how often a source would have brought something new in a quiet time, by its hours and days."""
    flat = pulse.rate * (quiet / HOUR)
    if flat < SILENT or pulse.fresh_at is None or rhythm.polled is None:
        return flat if pulse.fresh_at else 0.0
    return flat * busy_between(rhythm, pulse.fresh_at, rhythm.polled)


def busy_between(rhythm: Rhythm, begin: datetime, end: datetime) -> float:
    """Return how busy a span of time usually is; 1.0 is the average. Whole weeks are average."""
    hours = max(1, round((end - begin) / HOUR))
    rest = hours % (WEEK // HOUR)
    busy = sum(busy_at(rhythm, begin + n * HOUR, end - rhythm.began) for n in range(rest))
    return (busy + hours - rest) / hours


def is_old(signs: Signs, pulse: Pulse, rhythm: Rhythm) -> bool:
    """Say whether a feed has brought nothing since it is watched, and its newest entry is old."""
    is_feed = signs.source.kind == "feed" and rhythm.newest is not None and rhythm.polled is not None
    return is_feed and not pulse.times and rhythm.polled - rhythm.newest >= OLD  # type: ignore[operator]


def told(signs: Signs, pulse: Pulse, rhythm: Rhythm, quiet: timedelta, level: Level) -> Finding:
    """Return the finding of a silence; a feed that is made anew at each poll and holds no news is stale."""
    newest = f"; its newest entry is of {rhythm.newest:%Y-%m-%d}" if rhythm.newest else ""
    is_stale = not rhythm.idle and rhythm.size > 0
    since = (rhythm.newest if is_stale else None) or pulse.fresh_at or rhythm.began
    if is_stale:
        says = f"Its answers are made anew, but bring nothing new for {span(quiet)}{newest}."
        advice = (
            "If a feed maker stands between it and us, that may have stopped: look at the site itself, and "
            f"give another feed of it: dibao sources edit {signs.source.id} --url NEW."
        )
    else:
        says = f"It answers, but brings nothing new for {span(quiet)}{usual(pulse)}{newest}."
        advice = (
            "Look at its site: does it publish still? If its feed is elsewhere now: dibao sources edit "
            f"{signs.source.id} --url NEW; if it has ended: dibao sources pause {signs.source.id}."
        )
    return Finding(level=level, kind="stale" if is_stale else "silent", since=since, says=says, advice=advice)


def usual(pulse: Pulse) -> str:
    """Return how often a source usually brings something, in words."""
    if pulse.times < TOLD_BY or not pulse.rate:
        return ""
    return f", where it usually does every {span(HOUR / pulse.rate)}"


def span(time: timedelta) -> str:
    """Return a span of time in words: "5 days", "3 hours"."""
    return count(time // DAY, "day") if time >= 2 * DAY else count(max(1, round(time / HOUR)), "hour")
