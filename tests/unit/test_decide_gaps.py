"""What a feed may have dropped unseen, and where a feed has moved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dibao import decide
from dibao.decide import gaps, moves, rhythm
from dibao.decide.rhythm import Seen
from dibao.model import Capture, Entry, Exchange, Feed, Gap, Kind, Outcome, Reading, Rhythm, Source, Visit
from dibao.ports import Known

NOW = datetime(2026, 3, 4, 8, 17, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source(id=7, name="青楓社", url="http://wire.test/feed")
FEED = Feed(format="rss2.0", entries=(Entry(guid="1"),))


def window(*hours: float | None, **named: float | None) -> tuple[Seen, ...]:
    """Return entries named after their dates, in hours from now; None: without a date."""
    dated = [(f"k{hour}", hour) for hour in hours] + list(named.items())
    return tuple(((name,), None if at is None else NOW + at * HOUR) for name, at in dated)


def after(*entries: Seen) -> Rhythm:
    return rhythm.learnt(Rhythm(began=NOW), entries, FEED, NOW)


OLD = window(-1, -2, -3)


@pytest.mark.parametrize(
    ("then", "now", "span"),
    [
        # joined, or nothing to join
        (OLD, window(2, 1, -1), None),
        (OLD, window(-2, -3), None),
        (OLD, (), None),
        ((), window(2, 1), None),
        (OLD, OLD, None),
        # a whole new window
        (OLD, window(3, 2, 1), (-1, 1)),
        (OLD, window(3), (-1, 3)),
        # without dates, or dated before what is known: between the polls
        (OLD, window(a=None, b=None), (0, 4)),
        (OLD, window(-7, -8), (0, 4)),
        (window(a=None, b=None), window(c=None, d=None), (0, 4)),
        # some dates only
        (OLD, window(3, 2, x=None), (-1, 2)),
        # pinned to the top of the feed: always there
        (window(-900, -1, -2), window(-900, 3, 2, 1), (-1, 1)),
        (window(-900, -800, -1), window(-900, -800, 3, 2, 1), (-1, 1)),
        (window(-900, -1, -2), window(-900, 2, 1, -1), None),
        (window(-1, p=None), (*window(p=None), *window(3, 2, 1)), (-1, 1)),
        # a feed that shows more of the past than it did
        (window(-1), window(-1, -2, -3), None),
        # the oldest first: what was known stands at the top
        (window(-3, -2, -1), window(-1, 1, 2, 3), None),
        # no order to go by
        (OLD, window(-1, 2, 3, 1), None),
        (OLD, window(-1, 2), None),
    ],
)
def test_a_poll_that_does_not_reach_back_to_the_one_before_shows_a_gap(
    then: tuple[Seen, ...], now: tuple[Seen, ...], span: tuple[float, float] | None
) -> None:
    later = NOW + 4 * HOUR
    gap = gaps.gap_before(after(*then), now, SOURCE, later)
    if span is None:
        assert gap is None
    else:
        began, ended = (NOW + hours * HOUR for hours in span)
        assert gap == Gap(source=7, since=began, until=ended, seen_at=later, entries=len(now))


def test_a_first_poll_is_no_gap() -> None:
    assert gaps.gap_before(None, OLD, SOURCE, NOW) is None


def test_a_feed_that_was_empty_for_a_while_is_compared_with_what_it_held_before() -> None:
    empty = rhythm.learnt(after(*OLD), (), FEED, NOW + HOUR)
    later = NOW + 4 * HOUR
    assert gaps.gap_before(empty, window(2, 1, -1), SOURCE, later) is None
    assert gaps.gap_before(empty, window(3, 2, 1), SOURCE, later) is not None


def test_a_clock_that_went_back_gives_no_span_that_ends_before_it_begins() -> None:
    before = replace(after(*OLD), polled=NOW + DAY)
    gap = gaps.gap_before(before, window(a=None), SOURCE, NOW)
    assert gap is not None
    assert gap.since == gap.until == NOW


# --- through the judge ------------------------------------------------------------------------------

POLL = Visit(id=1, url=SOURCE.url, kind=Kind.FEED, source=SOURCE)
KNOWN = Known(source=SOURCE, identities={}, visits={}, revisions={}, headlines={})


def capture(body: bytes = b"x", *exchanges: Exchange, final: str = SOURCE.url, at: datetime = NOW) -> Capture:
    return Capture(
        url=SOURCE.url, final_url=final, captured_at=at, status=200, body=body, exchanges=exchanges
    )


def poll(visit: Visit, *numbers: int, at: datetime, cut: bool = False, **links: str) -> Outcome:
    entries = tuple(
        Entry(guid=f"g{n}", link=f"http://wire.test/{links.get('rev', 'a')}/{n}", title=f"第{n}則")
        for n in numbers
    )
    reading = Reading(feed=Feed(format="rss2.0", entries=entries, cut=cut))
    return decide.judge(visit, capture(repr((numbers, links)).encode(), at=at), reading, KNOWN, at)


def test_the_judge_tells_a_gap_and_asks_sooner() -> None:
    first = poll(POLL, *range(20), at=NOW)
    assert first.gap is None
    joined = poll(first.visit, *range(10, 30), at=NOW + HOUR)
    assert joined.gap is None
    gone = poll(joined.visit, *range(40, 60), at=NOW + 2 * HOUR)
    assert gone.gap is not None
    assert replace(gone.gap, before=(), after=(), looked_for=False) == Gap(
        source=7, since=NOW + HOUR, until=NOW + 2 * HOUR, seen_at=NOW + 2 * HOUR, entries=20
    )
    assert gone.visit.due is not None
    assert gone.visit.due - (NOW + 2 * HOUR) < HOUR / 2


def test_a_failed_poll_in_between_belongs_to_the_gap() -> None:
    first = poll(POLL, *range(20), at=NOW)
    down = replace(capture(at=NOW + HOUR), status=503)
    failed = decide.judge(first.visit, down, Reading(), KNOWN, NOW + HOUR)
    gone = poll(failed.visit, *range(40, 60), at=NOW + 2 * HOUR)
    assert gone.gap is not None
    assert (gone.gap.since, gone.gap.until) == (NOW, NOW + 2 * HOUR)


def test_a_feed_that_was_cut_short_says_nothing_of_gaps() -> None:
    first = poll(POLL, *range(20), at=NOW)
    cut = poll(first.visit, 90, at=NOW + HOUR, cut=True)
    assert cut.gap is None
    assert cut.visit.rhythm == first.visit.rhythm
    assert poll(cut.visit, *range(19, 39), at=NOW + 2 * HOUR).gap is None


def test_an_unchanged_feed_is_one_poll_more_without_news() -> None:
    first = poll(POLL, *range(20), at=NOW)
    again = poll(first.visit, *range(20), at=NOW + HOUR)
    assert again.visit.rhythm is not None
    assert (again.visit.rhythm.idle, again.visit.rhythm.fresh) == (1, 0)


# --- where a feed has moved ----------------------------------------------------------------------------

NEW = "http://wire.test/new.xml"


def hop(status: int) -> Exchange:
    return Exchange(url=SOURCE.url, at=NOW, request=b"", response=f"HTTP/1.1 {status} x\r\n\r\n".encode())


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
        ((302, 301), False),
        ((), False),
    ],
)
def test_only_redirects_that_are_for_good_all_the_way_move_a_feed(
    statuses: tuple[int, ...], moved: bool
) -> None:
    came = capture(b"x", *map(hop, (*statuses, 200)), final=NEW)
    assert moves.moved_to(SOURCE, came, FEED) == (NEW if moved else None)


@pytest.mark.parametrize(
    ("source", "final", "feed"),
    [
        (SOURCE, SOURCE.url, FEED),
        (SOURCE, NEW, replace(FEED, entries=())),
        (SOURCE, NEW, replace(FEED, cut=True)),
        (replace(SOURCE, kind="page"), NEW, FEED),
        (replace(SOURCE, url="https://wire.test/feed"), NEW, FEED),
        (replace(SOURCE, url="http://wire.test/feed?key=DIBAO-SECRET-3f"), NEW, FEED),
        (SOURCE, f"{NEW}?key=DIBAO-SECRET-3f", FEED),
        (SOURCE, "ftp://wire.test/new.xml", FEED),
    ],
)
def test_some_redirects_never_move_a_source(source: Source, final: str, feed: Feed) -> None:
    assert moves.moved_to(source, capture(b"x", hop(301), hop(200), final=final), feed) is None


@pytest.mark.parametrize(
    ("days", "targets", "moved"),
    [
        ((0, 1, 2, 3), "aaaa", "a"),
        ((0, 0.1, 0.2, 0.3), "aaaa", None),  # of one afternoon
        ((0, 3, 6), "aaa", None),  # too few
        ((0, 1, 2, 3), "aaba", None),
        ((0, 1, 2, 3), "aa-a", None),
        ((0, 1, 2, 3, 4, 5, 6, 7), "bbaaaa-a", None),
        ((0, 1, 2, 3, 4, 5, 6), "b-baaaa", "a"),
        (tuple(n / 24 for n in range(100)), "a" * 100, "a"),
    ],
)
def test_a_feed_has_moved_once_several_polls_over_days_agree(
    days: tuple[float, ...], targets: str, moved: str | None
) -> None:
    known = Rhythm(began=NOW)
    for day, target in zip(days, targets, strict=True):
        known = moves.noted(known, None if target == "-" else target, NOW + day * DAY)
    assert moves.settled(known) == moved
    assert len(known.moved) <= 8
