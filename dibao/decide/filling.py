"""Looking for what gaps hide: a walk that a source's gaps begin by themselves, a step at a time.

It goes back along the pages that the feed leads to, until one joins what was known before the gap; else
through the sitemaps that robots.txt names, of which those count that hold what came before and what came
after. One visit at a time is due for a source. A walk asks a bounded number of pages; one that leaves a gap
open is made again later, a few times. Only articles that nobody knows yet are taken.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from dibao.decide import judge as answers
from dibao.decide.backfill import older_page, unknown_only
from dibao.decide.gaps import falls, joins
from dibao.decide.parts import DAY_ALONE, changed_until, latest_first
from dibao.decide.polls import Listed, listing, shown
from dibao.decide.schedule import failed, held, hold_after, why_not
from dibao.decide.wishes import DAY, HOUR, is_unasked
from dibao.model import (
    Capture,
    Entry,
    Feed,
    Filling,
    Gap,
    Hold,
    Kind,
    Outcome,
    Part,
    Reading,
    Source,
    Visit,
)
from dibao.ports import Known
from dibao.urls import akin

MOST_PAGES = 100  # of one walk along a feed's pages
MOST_MAPS = 30  # of one walk through sitemaps
MOST_NAMED = 10  # sitemaps that a robots.txt names
TRIES = 4  # walks that may leave a gap open; it is looked for no more after the last
RESTS = (HOUR, 6 * HOUR, DAY)  # after a walk that left a gap open: sitemaps are made anew, servers mended
RULES = "/robots.txt"
NO_WAY = "its feed leads to no older page"
ENDS_EARLY = "its older pages end before what was known"
NO_MAP = "its host has no sitemap"
NO_REACH = "its sitemaps do not reach over it"
TOO_MANY_MAPS = "more sitemaps may hold it than are asked at once"


def sought(visit: Visit, outcome: Outcome, capture: Capture, reading: Reading, known: Known) -> Outcome:
    """Return what a poll changes that showed a gap, together with the visit that looks for what it hides."""
    gap, taught = outcome.gap, outcome.visit.rhythm
    if gap is None or reading.feed is None or visit.rhythm is None or taught is None:
        return outcome
    start = beginning(reading.feed, capture, known.source)
    if start is None:
        return replace(outcome, gap=replace(gap, why=NO_WAY))
    gap = replace(gap, before=visit.rhythm.window, after=taught.window, looked_for=True)
    walk = fresh(start, tuple(sorted({shape(entry.link or "") for entry in reading.feed.entries})))
    return replace(outcome, gap=gap, found=(*outcome.found, begun(walk, known, gap.seen_at)))


def beginning(feed: Feed, capture: Capture, source: Source) -> str | None:
    """Return where a source's past begins: the older page that an answer leads to, else its host's rules."""
    page = None if source.kind == "sitemap" else older_page(feed, capture.final_url)
    if page and akin(page, source.url):
        return page
    return None if source.feed_only else urljoin(source.url, RULES)


def fresh(start: str, shapes: tuple[str, ...], failures: int = 0) -> Filling:
    """Return a walk that has not begun."""
    return Filling(start=start, shapes=shapes, failures=failures, is_at_maps=start.endswith(RULES))


def begun(walk: Filling, known: Known, now: datetime) -> Visit:
    """Return the visit that fills a source's gaps, as a new gap changes it.

    A walk that is under way goes on as it is and learns only where the next one begins; one that rests
    after a failure is not hastened.
    """
    visit = known.filling
    if visit is None or visit.filling is None:
        return Visit(url=walk.start, kind=Kind.PART, source=known.source, due=now, filling=walk)
    if visit.due is None:
        return replace(visit, url=walk.start, due=now, filling=walk)
    told = replace(visit.filling, start=walk.start, shapes=walk.shapes)
    if visit.filling.asked:
        return replace(visit, filling=told)
    return replace(visit, url=walk.start, filling=replace(told, is_at_maps=walk.is_at_maps))


def judge_filling(visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
    """Say what one step of a walk changes: the articles it brings, the gaps it fills, and the next step."""
    stored = known.filling.filling if known.filling else visit.filling
    assert stored is not None  # it is what makes a visit one that fills gaps
    if known.filling and known.filling.url != visit.url:  # a new gap sent it elsewhere meanwhile
        return Outcome(visit=visit)
    hold = hold_after(capture, known.hold, now)
    why = why_not(capture, asked_conditionally=False) or reading.error
    if why and is_put_off(capture, hold, now) and visit.failures < TRIES:
        return Outcome(visit=held(failed(visit, capture, why, now), hold, now), hold=hold)
    state = replace(stored, began=stored.began or capture.captured_at, asked=(*stored.asked, visit.url))
    gaps = tuple(gap for gap in known.gaps if state.began and gap.seen_at <= state.began)
    if why or reading.feed is None or reading.feed.cut:
        taken, state, filled = reading, refused(visit, state, why, capture), frozenset[int]()
    elif state.is_at_maps:
        taken, state, filled = at_map(visit, reading, reading.feed, state, known, gaps, now)
    else:
        taken, state, filled = on_page(capture, reading, reading.feed, state, known, gaps, now)
    brought = brings(visit, capture, taken, known, now)
    if not state.left and not state.is_at_maps and not known.source.feed_only:
        rules = urljoin(known.source.url, RULES)
        state = replace(state, left=(rules,), is_at_maps=True, asked=(), shown=())
    return step(visit, replace(brought, hold=hold), state, known, filled, now)


def is_put_off(capture: Capture, hold: Hold | None, now: datetime) -> bool:
    """Say whether a host, or its robots.txt, does not want to be asked now: the walk waits where it is."""
    return is_unasked(capture) or (hold is not None and hold.until > now)


def step(
    visit: Visit, brought: Outcome, state: Filling, known: Known, filled: Collection[int], now: datetime
) -> Outcome:
    """Return what an answer changes, with the visit as it asks for the next address, or rests."""
    assert state.began is not None
    closed = tuple(done(gap, now) for gap in known.gaps if gap.id in filled)
    later = any(gap.seen_at > state.began for gap in known.gaps)
    left_open = [gap for gap in known.gaps if gap.id not in filled and gap.seen_at <= state.began]
    asked = replace(
        visit, looks=visit.looks + 1, failures=0, due=None, error=None, error_since=None, hold=None
    )
    found: tuple[Visit, ...]
    if left_open and state.left:
        onward = replace(state, left=state.left[1:])
        found = (replace(asked, url=state.left[0], due=now, filling=onward),)
        tried: tuple[Gap, ...] = ()
    else:
        tried = tuple(in_vain(gap, state) for gap in left_open)
        found = (rested(asked, state, tried, later, now),)
    return replace(
        brought, visit=asked, found=(*found, *brought.found), gaps=(*closed, *tried), gap=None, error=None
    )


def rested(visit: Visit, state: Filling, tried: Sequence[Gap], later: bool, now: datetime) -> Visit:
    """Return the visit after its walk: it begins anew where a gap is still looked for.

    At once where a gap came later than the walk, unless that left something open.
    """
    failures = state.failures + 1 if tried else 0
    again = later or any(gap.looked_for for gap in tried)
    wait = RESTS[min(failures, len(RESTS)) - 1] if failures else timedelta()
    walk = fresh(state.start, state.shapes, failures)
    return replace(visit, url=state.start, due=now + wait if again else None, filling=walk)


def done(gap: Gap, now: datetime) -> Gap:
    """Return a gap that is filled."""
    return replace(gap, filled_at=now, looked_for=False, before=(), after=(), why=None)


def in_vain(gap: Gap, state: Filling) -> Gap:
    """Return a gap after a walk that did not fill it; the last walk leaves it so, with the reason."""
    said = (*state.why, *([NO_REACH] if state.is_at_maps and state.is_whole else []))
    why = "; ".join(dict.fromkeys(said))
    again = gap.tries + 1 < TRIES
    tried = replace(gap, tries=gap.tries + 1, looked_for=again, why=why)
    return tried if again else replace(tried, before=(), after=())


def brings(visit: Visit, capture: Capture, taken: Reading, known: Known, now: datetime) -> Outcome:
    """Return the articles of a reading that nobody knew."""
    if taken.feed is None or not taken.feed.entries:
        return Outcome(visit=visit)
    return unknown_only(answers.judge(visit, capture, taken, known, now), None)[0]


def only(reading: Reading, entries: Iterable[Entry]) -> Reading:
    """Return a reading with these of its entries alone."""
    assert reading.feed is not None
    return replace(reading, feed=replace(reading.feed, entries=tuple(entries), parts=()))


def refused(visit: Visit, state: Filling, why: str | None, capture: Capture) -> Filling:
    """Return the walk after an answer that can't be read: what it says of the way that it was on."""
    is_missing = capture.status in (404, 410)
    if not state.is_at_maps:
        return replace(
            state, why=(*state.why, ENDS_EARLY if is_missing else f"{visit.url}: {why or 'cut short'}")
        )
    if visit.url.endswith(RULES) and capture.status is not None and 400 <= capture.status < 500:
        return replace(state, left=(urljoin(visit.url, "/sitemap.xml"),))
    said = NO_MAP if is_missing else f"{visit.url}: {why or 'cut short'}"
    return replace(state, is_whole=False, why=(*state.why, said))


# --- pages ------------------------------------------------------------------------------------------


def on_page(
    capture: Capture,
    reading: Reading,
    feed: Feed,
    state: Filling,
    known: Known,
    gaps: Sequence[Gap],
    now: datetime,
) -> tuple[Reading, Filling, frozenset[int]]:
    """Return what is taken of an older page, the walk after it, and the gaps that are filled down to it.

    The pages join each other, so that the one which reaches what was known before a gap has passed all
    later gaps too.
    """
    listed = tuple(listing(feed.entries, known, now))
    filled = frozenset(gap.id for gap in passed(gaps, reading, known, now))
    taken = between(listed, gaps, is_through=len(filled) == len(gaps))
    keys = tuple(key for each in listed for key in each.keys)
    before = state.shown or (gaps[-1].after if gaps else ())
    page, why = onward(capture, feed, state, known.source, is_new=not set(keys) <= set(before))
    after = replace(
        state, shown=keys, left=(page,) if page else (), why=(*state.why, *([why] if why else []))
    )
    return only(reading, taken), after, filled


def passed(gaps: Sequence[Gap], reading: Reading, known: Known, now: datetime) -> tuple[Gap, ...]:
    """Return, filled, the gaps that pages have passed which join each other, down to this one."""
    if reading.feed is None or reading.feed.format.startswith("sitemap"):
        return ()
    listed = tuple(listing(reading.feed.entries, known, now))
    floor = min((gap.since for gap in gaps if is_reached(gap, listed)), default=None)
    return tuple(done(gap, now) for gap in gaps if floor and gap.since >= floor)


def is_reached(gap: Gap, listed: Sequence[Listed]) -> bool:
    """Say whether a page goes back to what was known before a gap: it holds some of it, or is all older."""
    seen = shown(listed)
    dates = [date for _, date in seen if date]
    is_past = len(dates) == len(seen) > 0 and max(dates) < gap.since and falls(dates)
    return is_past or joins(seen, frozenset(gap.before))


def between(listed: Sequence[Listed], gaps: Sequence[Gap], *, is_through: bool) -> list[Entry]:
    """Return the entries of a page that gaps may hide: those of their time.

    Without a date, and where the page goes back to what was known, it is their place above that which
    tells.
    """
    since = min((gap.since for gap in gaps), default=None)
    known_keys = {key for gap in gaps for key in gap.before}
    marks = [at for at, each in enumerate(listed) if any(key in known_keys for key in each.keys)]
    foot = marks[-1] if marks and is_through else 0
    dates = ((at, each.entry, each.entry.published or each.entry.updated) for at, each in enumerate(listed))
    return [
        entry
        for at, entry, date in dates
        if since and (at < foot or (date >= since if date else not is_through))
    ]


def onward(
    capture: Capture, feed: Feed, state: Filling, source: Source, *, is_new: bool
) -> tuple[str | None, str | None]:
    """Return the address of the page before this one, or why the walk along pages ends here."""
    page = older_page(feed, capture.final_url)
    if not feed.entries or page is None or not akin(page, source.url):
        return None, ENDS_EARLY
    if not is_new or page in state.asked:
        return None, "its older pages repeat what came before"
    if len(state.asked) >= MOST_PAGES:
        return None, f"it lies more than {MOST_PAGES} pages back"
    return page, None


# --- sitemaps ---------------------------------------------------------------------------------------


def at_map(
    visit: Visit,
    reading: Reading,
    feed: Feed,
    state: Filling,
    known: Known,
    gaps: Sequence[Gap],
    now: datetime,
) -> tuple[Reading, Filling, frozenset[int]]:
    """Return what is taken of a sitemap, the walk after it, and the gaps that are filled.

    They are once every sitemap was read that may hold something of their span, and these hold both what
    came before a gap and what came after it: then they hold what came in between.
    """
    since = min((gap.since for gap in gaps), default=now)
    listed = tuple(listing(feed.entries, known, now))
    keys = {key for each in listed for key in each.keys}
    below = {*state.below, *(gap.id for gap in gaps if not keys.isdisjoint(gap.before))}
    above = {*state.above, *(gap.id for gap in gaps if not keys.isdisjoint(gap.after))}
    taken = [each.entry for each in listed if is_of_span(each.entry, since)]
    if not known.identities:  # a map of something else than articles, or of articles that are all new
        taken = [entry for entry in taken if shape(entry.link or "") in state.shapes]
    after = replace(state, below=tuple(sorted(below)), above=tuple(sorted(above)))
    after = with_maps(visit, feed, after, known.source, since)
    is_through = after.is_whole and not after.left
    return only(reading, pages_alone(taken)), after, frozenset(below & above if is_through else ())


def with_maps(visit: Visit, feed: Feed, state: Filling, source: Source, since: datetime) -> Filling:
    """Return a walk that also asks the sitemaps which an index, or robots.txt, names."""
    been = {*state.asked, *state.left}
    near = [part for part in feed.parts if akin(part.url, source.url) and part.url not in been]
    wanted = latest_first(part for part in near if not is_before(part, since))
    if visit.url.endswith(RULES):
        named = wanted[:MOST_NAMED] or [Part(url=urljoin(visit.url, "/sitemap.xml"))]
        return replace(state, left=tuple(part.url for part in named))
    room = max(MOST_MAPS - len(state.asked) - len(state.left), 0)
    left = (*state.left, *(part.url for part in wanted[:room]))
    if len(wanted) <= room:
        return replace(state, left=left)
    return replace(state, left=left, is_whole=False, why=(*state.why, TOO_MANY_MAPS))


def is_before(part: Part, since: datetime) -> bool:
    """Say whether a sitemap last changed before a time: nothing in it came later."""
    return part.updated is not None and changed_until(part) < since


def is_of_span(entry: Entry, since: datetime) -> bool:
    """Say whether an address in a sitemap may have come since; without a date nobody knows.

    A later change hides when it came, so that nothing is too new.
    """
    date, raw = (
        (entry.published, entry.published_raw) if entry.published else (entry.updated, entry.updated_raw)
    )
    if date is None:
        return False
    return (date + timedelta(days=1) if len(raw or "") <= DAY_ALONE else date) >= since


def shape(url: str) -> str:
    """Return how an address is made, but for its last part: those of a site's articles are made alike."""
    parts = urlsplit(url)
    above = [part for part in parts.path.split("/") if part][:-1]
    kinds = ["0" if any(map(str.isdigit, part)) else "w" for part in above]
    return "/".join(kinds) + "?" + "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))


def pages_alone(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries without a site's front page and the pages above others: lists change daily."""
    paths = sorted({urlsplit(entry.link or "").path.rstrip("/") for entry in entries})
    above = {path for path, after in zip(paths, paths[1:], strict=False) if after.startswith(f"{path}/")}
    return [entry for entry in entries if urlsplit(entry.link or "").path.rstrip("/") not in {"", *above}]
