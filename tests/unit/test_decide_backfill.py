"""What of an older page is taken, and where the walk into the past ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from dibao.decide import Span, judge_older, names
from dibao.decide.backfill import counted_on, is_older_page
from dibao.model import Capture, Entry, Feed, Kind, Part, Reading, Source, Visit
from dibao.ports import Known

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
SOURCE = Source(id=1, name="W", url="https://w.test/feed")
VISIT = Visit(id=7, url="https://w.test/feed?paged=2", kind=Kind.PART, source=SOURCE, depth=1, due=NOW)
NOTHING = Known(source=SOURCE, identities={}, visits={}, revisions={}, headlines={})
FOLLOWED = Span(follows=True)


def entry(number: int, days: int | None = None) -> Entry:
    """Return an entry of so many days ago, or of no day."""
    date = NOW - timedelta(days=days) if days is not None else None
    return Entry(link=f"https://w.test/{number}", title=f"Story {number}", published=date)


def page(*entries: Entry, **more: object) -> Reading:
    """Return what an older page says."""
    whole: dict[str, object] = {"format": "rss2.0", "next_url": "https://w.test/feed?paged=3"} | more
    reading = Reading(feed=Feed(entries=entries, **whole))  # type: ignore[arg-type]
    return replace(reading, names=names(VISIT, reading))


def capture(status: int = 200) -> Capture:
    """Return an answer."""
    return Capture(url=VISIT.url, final_url=VISIT.url, captured_at=NOW, status=status)


def judged(
    reading: Reading, span: Span, known: Known = NOTHING, visit: Visit = VISIT
) -> tuple[list[str], list[tuple[str, bool]], str | None, int]:
    """Return the articles found, the pages to come and whether each is due, the end, and what is left."""
    outcome, end = judge_older(visit, capture(), reading, known, NOW, span)
    articles = [found.url for found in outcome.found if found.kind is Kind.ARTICLE]
    pages = [(found.url, found.due is not None) for found in outcome.found if found.kind is Kind.PART]
    assert outcome.visit.due is None
    return articles, pages, end, outcome.visit.left_out


def test_an_older_page_brings_its_articles_and_the_next_page() -> None:
    articles, pages, end, left = judged(page(entry(1, 40), entry(2)), FOLLOWED)
    assert articles == ["https://w.test/1", "https://w.test/2"]
    assert pages == [("https://w.test/feed?paged=3", True)]
    assert (end, left) == (None, 0)


def test_without_a_person_the_next_page_waits() -> None:
    assert judged(page(entry(1, 40)), Span())[1] == [("https://w.test/feed?paged=3", False)]


def test_a_page_older_than_the_first_day_is_the_last() -> None:
    articles, pages, end, left = judged(
        page(entry(1, 40), entry(2, 41)), Span(since="2026-02-20", follows=True)
    )
    assert (articles, pages, left) == ([], [], 2)
    assert end == "all that follows is older than 2026-02-20"


def test_days_at_both_ends_are_of_the_span() -> None:
    span = Span(since="2026-03-01", until="2026-03-02", follows=True)
    articles, _, end, left = judged(page(*(entry(n, n) for n in range(5))), span)
    assert articles == ["https://w.test/2", "https://w.test/3"]
    assert (end, left) == (None, 3)


def test_a_limit_within_a_page_leaves_it_to_be_asked_again() -> None:
    articles, pages, end, left = judged(page(entry(1), entry(2), entry(3)), Span(room=2, follows=True))
    assert (len(articles), end, left) == (2, "the limit is reached", 1)
    assert pages == [("https://w.test/feed?paged=3", False)]


def test_an_empty_page_a_repeated_one_and_a_missing_one_end_the_walk() -> None:
    assert judged(page(), FOLLOWED)[1:3] == ([], "the page is empty")
    reading = page(entry(1))
    again = replace(FOLLOWED, seen=frozenset(reading.names))
    assert judged(reading, again)[1:3] == ([], "the page repeats what came before")
    outcome, end = judge_older(VISIT, capture(404), Reading(), NOTHING, NOW, FOLLOWED)
    assert (outcome.error, outcome.visit.due, end) == (None, None, "there is no older page")


def test_a_server_with_a_bad_day_is_asked_again() -> None:
    outcome, end = judge_older(VISIT, capture(503), Reading(), NOTHING, NOW, FOLLOWED)
    assert outcome.visit.due is not None
    assert end == "the server answered 503"


def test_a_known_article_is_not_announced_anew() -> None:
    known = entry(1, 40)
    visit = Visit(id=9, url="https://w.test/1", kind=Kind.ARTICLE, source=SOURCE, entry=known, key="k")
    knows = replace(NOTHING, identities=dict.fromkeys(page(known).names, "k"), visits={"k": visit})
    changed = replace(known, title="Another headline")
    assert judged(page(changed), FOLLOWED, knows)[0] == []


def test_pages_of_other_hosts_are_not_followed() -> None:
    assert judged(page(entry(1), next_url="https://other.test/2"), FOLLOWED)[1] == []


def test_of_a_sitemap_only_what_is_dated_is_taken_within_days() -> None:
    reading = page(entry(1), entry(2, 1), format="sitemap", next_url=None)
    assert judged(reading, Span(since="2026-03-01", follows=True))[0] == ["https://w.test/2"]
    assert len(judged(reading, FOLLOWED)[0]) == 2


def test_of_an_index_maps_that_changed_before_the_first_day_are_not_asked() -> None:
    old = Part(url="https://w.test/old.xml", updated=NOW - timedelta(days=99))
    new = Part(url="https://w.test/new.xml", updated=NOW)
    far = Part(url="https://elsewhere.test/map.xml")
    reading = page(format="sitemap-index", next_url=None, parts=(old, new, far))
    span = Span(since="2026-03-01", follows=True)
    assert judged(reading, span)[1] == [("https://w.test/new.xml", True)]
    assert judged(reading, span, visit=replace(VISIT, depth=9))[1] == []


def test_more_maps_than_one_walk_asks_leave_the_index_unfinished() -> None:
    parts = tuple(Part(url=f"https://w.test/{n}.xml") for n in range(503))
    _, pages, _, left = judged(page(format="sitemap-index", next_url=None, parts=parts), FOLLOWED)
    assert (len(pages), left) == (500, 3)


@pytest.mark.parametrize(
    ("url", "after"),
    [
        ("https://w.test/feed/", "https://w.test/feed/?paged=2"),
        ("https://w.test/?feed=rss2", "https://w.test/?feed=rss2&paged=2"),
        ("https://w.test/feed/?paged=9", "https://w.test/feed/?paged=10"),
        ("https://w.test/feed/?paged=x", "https://w.test/feed/?paged=2"),
    ],
)
def test_wordpress_counts_its_pages(url: str, after: str) -> None:
    assert counted_on(url) == after


def test_counting_never_stands_still() -> None:
    pages = ["https://w.test/feed"]
    for _ in range(5):
        pages.append(counted_on(pages[-1]))
    assert all(a != b for a, b in pairwise(pages))


def test_a_part_of_a_sitemap_is_no_older_page() -> None:
    assert is_older_page(VISIT)
    assert not is_older_page(replace(VISIT, source=replace(SOURCE, kind="sitemap")))
