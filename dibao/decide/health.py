"""How a source is doing, judged by what is known of it; and what a person can do about it.

Each check yields what is to be said; most yield nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from dibao.decide import moves
from dibao.decide.drift import fewer_entries, pages_not_answered, pages_without_article, shorter_texts
from dibao.decide.schedule import FLOOR
from dibao.decide.silence import silence
from dibao.decide.trouble import advice_for, class_of, known_of
from dibao.decide.wishes import DAY, WEEK
from dibao.model import KEPT_PAGES, Finding, Gap, Health, Level, Signs, State, Trouble
from dibao.text import count

LASTS, TIMES = DAY, 3  # a trouble that lasts so long, over so many polls, does not mend by itself
WARNED = 14 * DAY  # before a certificate ends
REDIRECTED = 3 * DAY  # a redirect that lasts so long is told
EMPTY = DAY  # a feed without entries for so long
SOON = "It is asked again a quarter of an hour later, as long as that lasts."
MOST_NOTES = 5  # of one source
MOST_WHYS = 2  # reasons why gaps of one source are open
ORDER = (Level.BAD, Level.WATCH, Level.GOOD)
Check = Callable[[Signs, datetime], Iterator[Finding]]


def health(signs: Signs, now: datetime) -> Health:
    """Return how a source is doing."""
    findings = sorted(found(signs, now), key=lambda finding: ORDER.index(finding.level))
    return Health(level=findings[0].level if findings else Level.GOOD, findings=tuple(findings))


def found(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield all that is to be said of a source; of one that is not asked, only that, and what it missed."""
    if signs.source.kind == KEPT_PAGES.kind:
        return
    checks = CHECKS if signs.source.state is State.ACTIVE else RESTING
    said: set[str] = set()
    for check in checks:
        for finding in check(signs, now):
            if not said & COVERED.get(finding.kind, set()):
                said.add(finding.kind)
                yield finding


def not_asked(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a source is not asked, because a person or the source itself said so."""
    source = signs.source
    since = signs.poll.error_since if signs.poll else None
    if source.state is State.STOPPED:
        advice = f"If it has a new address: dibao sources edit {source.id} --url NEW"
        said = f"{source.note or 'It asked not to be asked any more'}."
        yield Finding(level=Level.BAD, kind="http-410", since=since, says=said, advice=advice)
    elif source.state is State.PAUSED:
        advice = f"Not asked while paused: `dibao sources resume {source.id}` goes on with it."
        yield Finding(level=Level.GOOD, kind="paused", says="It is paused.", advice=advice)


def failing(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that the last answer could not be read."""
    poll = signs.poll
    if poll is None or not poll.error:
        return
    kind = class_of(poll.error)
    if kind == Trouble.OFFLINE:
        says = "It could not be asked: this machine seemed to be offline."
        yield Finding(level=Level.GOOD, kind=kind, since=poll.error_since, says=says, advice=SOON)
        return
    lasted = (poll.asked_at or now) - (poll.error_since or now)
    is_lasting = known_of(kind).lasting or (lasted >= LASTS and poll.failures >= TIMES)
    is_held = signs.hold is not None and signs.hold.until > now
    in_a_row = f" ({poll.failures} times in a row)" if poll.failures > 1 else ""
    yield Finding(
        level=Level.BAD if is_lasting and not is_held else Level.WATCH,
        kind=kind,
        since=poll.error_since,
        says=f"{poll.error.removeprefix(f'{kind}: ')}{in_a_row}.",
        advice=advice_for(kind, signs.source.id),
    )


def held(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that the host asked to be left alone."""
    hold = signs.hold
    if hold and hold.until > now:
        says = f"{hold.host} answered {hold.status} and is left alone until {hold.until:%Y-%m-%d %H:%M} UTC."
        yield Finding(
            level=Level.GOOD, kind="held", since=hold.since, says=says, advice="Nothing hastens that."
        )


def certificate(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a certificate ends soon or has ended, seen from the time of the last ask."""
    until = signs.pulse.certified_until
    asked = (signs.poll.asked_at if signs.poll else None) or now
    if until is None or until - asked > WARNED:
        return
    has_ended = until <= asked
    yield Finding(
        level=Level.BAD if has_ended else Level.WATCH,
        kind="certificate",
        since=until if has_ended else None,
        says=f"Its certificate {'ended' if has_ended else 'ends'} on {until:%Y-%m-%d}.",
        advice="Once it has ended, nothing comes any more: tell the people who run it.",
    )


def emptied(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a feed answers well, and holds no entries."""
    since, rhythm = signs.pulse.empty_since, signs.poll.rhythm if signs.poll else None
    if since is None or rhythm is None or rhythm.polled is None or signs.counts.parts:
        return
    if rhythm.polled - since >= (EMPTY if rhythm.window else WEEK):
        yield Finding(
            level=Level.WATCH,
            kind="empty",
            since=since,
            says="It answers, but holds no entries." if rhythm.window else "It never held an entry yet.",
            advice=f"If its feed is elsewhere now: dibao sources edit {signs.source.id} --url NEW.",
        )


def gaps(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that entries may have left a feed unseen."""
    if not signs.gaps:
        return
    first, last = min(gap.since for gap in signs.gaps), max(gap.until for gap in signs.gaps)
    untried = any(not gap.why and not gap.looked_for for gap in signs.gaps)  # of an older dibao
    by_hand = f"dibao backfill {signs.source.id} --since {first:%Y-%m-%d} looks for it."
    if signs.source.every > FLOOR.total_seconds():
        more = "Sync runs that are nearer together, or a shorter --every, miss less."
    else:
        more = "It is asked as often as is polite: a further feed or a sitemap of it may say more."
    yield Finding(
        level=Level.WATCH,
        kind="gap",
        since=first,
        says=f"{count(len(signs.gaps), 'gap')} between {first:%Y-%m-%d %H:%M} and {last:%Y-%m-%d %H:%M} UTC: "
        f"what it announced then may have left its feed unseen. {by_hand if untried else sought(signs.gaps)}",
        advice=more,
    )


def sought(gaps: Sequence[Gap]) -> str:
    """Return what was done about gaps, and what came of it."""
    waiting = sum(gap.looked_for for gap in gaps)
    whys = dict.fromkeys(gap.why for gap in reversed(gaps) if gap.why)
    reason = f" ({'; '.join(list(whys)[:MOST_WHYS])})" if whys else ""
    if waiting == len(gaps):
        return f"The next syncs look for it{reason}."
    if waiting:
        return f"The next syncs look for what {count(waiting, 'gap')} may hide; the others stay{reason}."
    tried = "It was looked for in vain" if any(gap.tries for gap in gaps) else "It can't be looked for"
    return f"{tried}{reason}."


def moving(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a feed says it has moved for good."""
    rhythm = signs.poll.rhythm if signs.poll else None
    if rhythm is None or rhythm.moved_to in (None, signs.source.url) or not rhythm.moved:
        return
    is_taken = moves.settled(rhythm) is not None  # else it would be its address by now
    says = f"It says that it has moved for good to {rhythm.moved_to}"
    yield Finding(
        level=Level.WATCH if is_taken else Level.GOOD,
        kind="moved",
        since=rhythm.moved[0],
        says=f"{says}, where another source stands." if is_taken else f"{says} ({len(rhythm.moved)} polls).",
        advice=f"One of the two is enough: dibao sources remove {signs.source.id}."
        if is_taken
        else "Nothing to do: that becomes its address once four polls over three days agree.",
    )


def redirected(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a source has been redirected for some time."""
    pulse, asked = signs.pulse, signs.poll.asked_at if signs.poll else None
    if pulse.led_to and pulse.led_since and asked and asked - pulse.led_since >= REDIRECTED:
        yield Finding(
            level=Level.GOOD,
            kind="redirect",
            since=pulse.led_since,
            says=f"It redirects to {pulse.led_to}.",
            advice=f"If that is for good: dibao sources edit {signs.source.id} --url NEW.",
        )


def left_out(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that old entries are not taken."""
    if signs.counts.left_out and signs.source.since:  # else a person named a day, or a number, for once
        old = count(signs.counts.left_out, "entry", "entries")
        yield Finding(
            level=Level.GOOD,
            kind="left-out",
            says=f"{old} last changed before {signs.source.since} and left out:",
            advice=f"dibao sources edit {signs.source.id} --since 2020-01-01 takes more.",
        )


def notes(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield what else the last answers held, and what of a feed was mended to read it."""
    kind = "repaired" if signs.source.kind == "feed" else "note"
    for note in signs.notes[:MOST_NOTES]:
        yield Finding(level=Level.GOOD, kind=kind, says=note)


CHECKS: tuple[Check, ...] = (
    failing,
    certificate,
    emptied,
    silence,
    pages_not_answered,
    pages_without_article,
    shorter_texts,
    fewer_entries,
    gaps,
    moving,
    redirected,
    held,
    left_out,
    notes,
)
RESTING: tuple[Check, ...] = (not_asked, gaps)
# What another finding, made before, has said already.
COVERED = {
    "silent": {"empty"},
    "stale": {"empty"},
    "yield": {"empty", "silent", "stale"},
    "redirect": {"moved"},
}


def worst(findings: Iterable[Finding]) -> Finding | None:
    """Return the finding that matters most, or None where there is no trouble."""
    return next((finding for finding in findings if finding.level is not Level.GOOD), None)
