"""What changed in a source without an error: fewer entries, pages without an article, shorter texts."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain
from statistics import median

from dibao.decide.vitals import monday
from dibao.decide.wishes import HOUR, WEEK
from dibao.model import Finding, Got, Harvest, Level, Look, Signs, Week
from dibao.text import count

ENOUGH = 20  # entries that would be expected now
FEWER = 0.3  # of what was usual
WATCHED_NOW, WATCHED_BEFORE = WEEK / HOUR, 3 * WEEK / HOUR  # hours that must have been watched
FEWEST_LOOKS = 5
SOME_UNREAD, SOME_UNANSWERED = 0.3, 0.5  # of the latest pages
MOST, MANY = 0.8, 10  # of them, of so many at least: nearly nothing comes any more
RECENT, EARLIER = 10, 10  # texts whose lengths are compared, at least
LONG = 400  # letters: shorter ones are news in brief
SHORTER = 0.4  # of what was usual


def fewer_entries(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that a source announces much less than it did."""
    first = week_before(now)
    lately = [week for week in signs.pulse.weeks if week.monday >= first]
    earlier = [week for week in signs.pulse.weeks if week.monday < first]
    now_watched, before_watched = hours(lately), hours(earlier)
    if now_watched < WATCHED_NOW or before_watched < WATCHED_BEFORE:
        return
    came, usual = entries(lately), entries(earlier) / before_watched * now_watched
    if usual >= ENOUGH and came < FEWER * usual:
        yield Finding(
            level=Level.WATCH,
            kind="yield",
            since=datetime.fromisoformat(first).replace(tzinfo=now.tzinfo),
            says=f"It announced {count(came, 'entry', 'entries')} where {usual:.0f} would be usual.",
            advice="Does it have further feeds now, one by section? Look at its site; dibao add takes them.",
        )


@lru_cache(maxsize=1)
def week_before(now: datetime) -> str:
    """Return the first day of last week: one for all sources that are judged together."""
    return monday(now - WEEK)


def hours(weeks: Iterable[Week]) -> float:
    """Return how many hours of some weeks were watched."""
    return sum([week.hours for week in weeks])


def entries(weeks: Iterable[Week]) -> int:
    """Return how many entries came in some weeks."""
    return sum([week.entries for week in weeks])


def pages_without_article(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that in many of the latest pages no article was found."""
    yield from share(
        signs.harvest,
        Got.UNREAD,
        SOME_UNREAD,
        "unread",
        "held no article that could be found",
        "Has the site been rebuilt? Look at one of them: dibao show ARTICLE --raw. The feed's text is kept "
        "instead; please tell us of the site.",
    )


def pages_not_answered(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that many of the latest pages did not come."""
    yield from share(
        signs.harvest,
        Got.UNANSWERED,
        SOME_UNANSWERED,
        "unanswered",
        "did not come",
        "`dibao status` names some with the reason. If the site refuses programs, the feed's text is all "
        f"that there is: dibao sources edit {signs.source.id} --feed-only; single pages: dibao keep FILE.",
    )


def share(harvest: Harvest, got: Got, some: float, kind: str, what: str, advice: str) -> Iterator[Finding]:
    """Yield the finding that a share of the latest first looks brought the same trouble."""
    looks = len(harvest.looks)
    hit = [look for look in harvest.looks if look.got is got] if looks >= FEWEST_LOOKS else []
    if not hit or len(hit) < some * looks:
        return
    is_most = looks >= MANY and len(hit) >= MOST * looks
    yield Finding(
        level=Level.BAD if is_most else Level.WATCH,
        kind=kind,
        since=hit[0].at,
        says=f"{len(hit)} of its latest {count(looks, 'page')} {what}{before(harvest, got)}.",
        advice=advice,
    )


def before(harvest: Harvest, got: Got) -> str:
    """Return how many of the earlier first looks brought the same; nothing where there were few."""
    sums = {
        Got.WHOLE: sum(crop.whole for crop in harvest.weeks),
        Got.UNREAD: sum(crop.unread for crop in harvest.weeks),
        Got.UNANSWERED: sum(crop.unanswered for crop in harvest.weeks),
    }
    looks = sum(sums.values())
    return f" (before: {sums[got]} of {looks})" if looks >= MANY else ""


def shorter_texts(signs: Signs, now: datetime) -> Iterator[Finding]:
    """Yield the finding that the latest texts are much shorter than those before."""
    whole = [look.letters for look in signs.harvest.looks if look.got is Got.WHOLE]
    latest = whole[-RECENT:]
    sampled = [crop.letters for crop in signs.harvest.weeks]
    earlier = [*chain.from_iterable(sampled), *whole[:-RECENT]]
    if len(latest) < RECENT or len(earlier) < EARLIER:
        return
    now_long, usual = median(latest), median(earlier)
    if usual >= LONG and now_long < SHORTER * usual:
        yield Finding(
            level=Level.WATCH,
            kind="shorter",
            since=next(look.at for look in recent(signs.harvest) if look.letters < SHORTER * usual),
            says=f"Its latest {len(latest)} articles have some {now_long:.0f} letters each; "
            f"{usual:.0f} were usual.",
            advice="Open one in a browser: does it show beginnings only, or want a subscription? What you "
            "may read in full, save and keep: dibao keep FILE.",
        )


def recent(harvest: Harvest) -> list[Look]:
    """Return the latest first looks that brought a text."""
    return [look for look in harvest.looks if look.got is Got.WHOLE][-RECENT:]
