"""Older pages of a feed or list page: what of them is taken, and which page comes next.

Such a page is asked once: it announces what its feed dropped long ago. It brings articles that nobody
knows yet and touches no others, since what it says of those may be older than what is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from dibao.decide import judge as answers
from dibao.decide.parts import DEEPEST, MOST, latest_first
from dibao.decide.schedule import remembered
from dibao.model import Capture, Entry, Feed, Gap, Kind, Outcome, Part, Reading, Source, Verdict, Visit
from dibao.ports import Known
from dibao.urls import akin

LIMIT = "the limit is reached"
MOST_PAGES = 10_000  # of one chain: a calendar links on for ever
_WORDPRESS = re.compile(r"wordpress", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a backfill wants."""

    since: str | None = None  # days, "2020-01-31": both are of it
    until: str | None = None
    room: int | None = None  # articles that it may still find
    seen: frozenset[str] = frozenset()  # identities that stood on the pages before
    follows: bool = False  # the next page is due at once; else it waits until a person goes on


def covers(span: Span, gap: Gap) -> bool:
    """Say whether all that a gap may hide is of the days of a span."""
    since, until = gap.since.date().isoformat(), gap.until.date().isoformat()
    return (span.since or since) <= since and until <= (span.until or until)


def is_older_page(visit: Visit) -> bool:
    """Say whether a visit asks an older page: only a sitemap has parts that are news."""
    return visit.kind is Kind.PART and (visit.source.kind != "sitemap" or visit.filling is not None)


def judge_older(
    visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime, span: Span
) -> tuple[Outcome, str | None]:
    """Return what an older page changes, and why the chain of pages ends there if it does."""
    if capture.status in (404, 410):
        return Outcome(visit=remembered(visit, capture, None)), "there is no older page"
    taken = within(reading, span)
    outcome = answers.judge(visit, capture, taken, known, now)
    if outcome.error or reading.feed is None:
        return outcome, outcome.error or "the page did not change"
    brought, dropped = unknown_only(outcome, span.room)
    is_full = span.room is not None and size(brought) >= span.room
    end = LIMIT if is_full else ended(reading, span)
    onward = tuple(next_pages(visit, capture, reading.feed, known, span)) if is_full or not end else ()
    left_out = len(reading.feed.entries) - len(taken.feed.entries if taken.feed else ()) + dropped
    left_out += later(reading.feed, known, span)
    due = now if span.follows and not end else None
    found = (*(replace(each, due=due) for each in onward), *brought.found)
    after = replace(brought.visit, due=None, left_out=left_out, note=None)
    return replace(brought, visit=after, found=found), end


def within(reading: Reading, span: Span) -> Reading:
    """Return a reading with the entries of a span alone."""
    if reading.feed is None:
        return reading
    undated = not (is_sitemap(reading.feed) and (span.since or span.until))
    entries = tuple(entry for entry in reading.feed.entries if is_within(entry, span, undated))
    return replace(reading, feed=replace(reading.feed, entries=entries, parts=()))


def is_within(entry: Entry, span: Span, undated: bool) -> bool:
    """Say whether an entry is of a span; `undated` is the answer for one that bears no date."""
    day = day_of(entry)
    return (span.since or day) <= day <= (span.until or day) if day else undated


def day_of(entry: Entry) -> str:
    """Return the day an entry says it is of, in UTC; empty where it says none."""
    date = entry.published or entry.updated
    return date.date().isoformat() if date else ""


def is_sitemap(feed: Feed) -> bool:
    """Say whether this is a sitemap, in which nothing is in order."""
    return feed.format.startswith("sitemap")


def unknown_only(outcome: Outcome, room: int | None) -> tuple[Outcome, int]:
    """Return an outcome with the articles nobody knew, as many as there is room for; and how many others."""
    pages = [found for found in outcome.found if found.kind is Kind.ARTICLE and not found.id]
    pairs = zip(outcome.revisions, outcome.headlines, strict=True)
    whole = [pair for pair in pairs if pair[0].verdict is Verdict.NEW]
    most = len(pages) + len(whole) if room is None else room
    kept, rest = whole[:most], max(most - len(whole), 0)
    keys = {revision.key for revision, _ in kept}
    pictures = [found for found in outcome.found if found.kind is Kind.MEDIA and found.key in keys]
    brought = replace(
        outcome,
        found=(*pages[:rest], *pictures),
        revisions=tuple(revision for revision, _ in kept),
        headlines=tuple(line for _, line in kept),
    )
    return brought, len(pages) + len(whole) - len(kept) - len(pages[:rest])


def ended(reading: Reading, span: Span) -> str | None:
    """Return why no older page is wanted after this one, or None where one is."""
    assert reading.feed is not None
    days = [day for day in map(day_of, reading.feed.entries) if day]
    if not reading.feed.entries and not reading.feed.parts:
        return "the page is empty"
    if reading.names and span.seen.issuperset(reading.names):
        return "the page repeats what came before"
    if span.since and days and max(days) < span.since and not is_sitemap(reading.feed):
        return f"all that follows is older than {span.since}"
    return None


def next_pages(visit: Visit, capture: Capture, feed: Feed, known: Known, span: Span) -> Iterator[Visit]:
    """Yield visits to the pages that a page leads to: the older one, and the sitemaps that an index names."""
    page = older_page(feed, capture.final_url)
    if page and akin(page, known.source.url) and visit.depth < MOST_PAGES:
        yield older_visit(page, known.source, None, visit.depth + 1)
    for part in further_maps(feed, known, span)[:MOST] if visit.depth <= DEEPEST else ():
        yield older_visit(part.url, known.source, None, visit.depth + 1)


def further_maps(feed: Feed, known: Known, span: Span) -> list[Part]:
    """Return the sitemaps that an index names and that were not asked, those that changed last first."""
    near = (part for part in feed.parts if akin(part.url, known.source.url) and part.url not in known.parts)
    return latest_first(part for part in near if not is_before(part, span.since))


def is_before(part: Part, since: str | None) -> bool:
    """Say whether a sitemap last changed before a day: nothing in it is of that day or later."""
    return bool(part.updated and since and part.updated.date().isoformat() < since)


def later(feed: Feed, known: Known, span: Span) -> int:
    """Return how many sitemaps of an index are left for another time."""
    return max(len(further_maps(feed, known, span)) - MOST, 0)


def size(outcome: Outcome) -> int:
    """Return how many articles an answer brought."""
    return len(outcome.revisions) + sum(found.kind is Kind.ARTICLE for found in outcome.found)


def older_visit(url: str, source: Source, due: datetime | None, depth: int) -> Visit:
    """Return the visit that asks an older page."""
    return Visit(url=url, kind=Kind.PART, source=source, depth=depth, due=due)


def older_page(feed: Feed, url: str) -> str | None:
    """Return the address of the page before this one, by what it names or by how its program counts."""
    if feed.next_url:
        return feed.next_url
    return counted_on(url) if _WORDPRESS.search(feed.generator or "") else None


def counted_on(url: str) -> str:
    """Return the address of WordPress' next page of a feed."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    number = next((value for name, value in query if name == "paged"), "1")
    after = int(number) + 1 if number.isdecimal() and number.isascii() and len(number) < 7 else 2
    others = [(name, value) for name, value in query if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*others, ("paged", str(after))]), fragment=""))
