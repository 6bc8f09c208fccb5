"""Walking into the past of a source: the pages on which stands what its feed dropped long ago."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from dibao import pipeline, subscribe, sync, urls
from dibao.archive.warc import read_capture
from dibao.decide import LIMIT, Span, covers, is_older_page, judge_older, older_page, older_visit, passed
from dibao.errors import ConfigError, FeedError
from dibao.feeds import is_sitemap, read_rules
from dibao.finding import answer, trouble
from dibao.model import Capture, Gap, Kind, Outcome, Reading, Source, State, Visit
from dibao.ports import Known
from dibao.wiring import PATIENCE, Opened, fetching

MOST_SITEMAPS = 10  # that a robots.txt names


class Backfill:
    """One walk into the past: what is wanted, and what came of it so far."""

    def __init__(
        self, source: Source, *, since: str | None = None, until: str | None = None, limit: int | None = None
    ) -> None:
        self.source, self.since, self.until, self.limit = source, since, until, limit
        self.pages = self.found = 0
        self.oldest: datetime | None = None  # what stands on the pages that were read
        self.newest: datetime | None = None
        self.ends: list[str] = []
        self.gaps: tuple[Gap, ...] = ()  # that are open, of a walk that began at the newest page
        self.filled = 0
        self._seen: set[str] = set()

    def judge(self, visit: Visit, capture: Capture, reading: Reading, known: Known, now: datetime) -> Outcome:
        """Say what an answer changes; older pages of the source are followed, as far as is wanted."""
        if visit.source.id != self.source.id or visit.filling or not is_older_page(visit):
            return pipeline.judge(visit, capture, reading, known, now)
        room = None if self.limit is None else max(self.limit - self.found, 0)
        seen = frozenset(self._seen)
        span = Span(since=self.since, until=self.until, room=room, seen=seen, follows=True)
        outcome, end = judge_older(visit, capture, reading, known, now, span)
        self._note(outcome, reading, end)
        return self._filling(outcome, reading, known, now, span, end)

    def _filling(
        self, outcome: Outcome, reading: Reading, known: Known, now: datetime, span: Span, end: str | None
    ) -> Outcome:
        """Return an outcome with the gaps that the walk has passed: what they hid is taken now."""
        if outcome.error or end == LIMIT or (reading.feed and reading.feed.cut):
            self.gaps = ()  # something is left out: nobody knows whether they hid it
        filled = passed([gap for gap in self.gaps if covers(span, gap)], reading, known, now)
        self.gaps = tuple(gap for gap in self.gaps if gap.id not in {each.id for each in filled})
        self.filled += len(filled)
        return replace(outcome, gaps=filled)

    def _note(self, outcome: Outcome, reading: Reading, end: str | None) -> None:
        self.pages += outcome.error is None
        self.found += len(outcome.revisions) + sum(each.kind is Kind.ARTICLE for each in outcome.found)
        self._seen.update(reading.names)
        self.ends += [end] if end else []
        entries = reading.feed.entries if reading.feed and not outcome.error else ()
        dates = [date for entry in entries if (date := entry.published or entry.updated)]
        self.oldest = min([*dates, *filter(None, [self.oldest])], default=None)
        self.newest = max([*dates, *filter(None, [self.newest])], default=None)


def walk(it: Opened, backfill: Backfill) -> Iterator[Outcome]:
    """Go on with a backfill, or begin one; yield each outcome once it is kept.

    All that is due otherwise is asked too, and polls come first: news is not kept waiting. The caller holds
    `archive.folder.walking`. ConfigError where a source has no past that can be reached.
    """
    source = backfill.source
    refuse(it, source)
    if source.kind == "sitemap":
        further_back(it, backfill)
        yield from sync.walk(it, patience=PATIENCE * 0)
        return
    if it.library.polls()[source.id].ref is None:
        it.sources.hasten(source.id, it.clock.now())
        yield from sync.walk(it, only=source.id, patience=PATIENCE * 0)
    if not it.sources.go_on(source, it.clock.now()):
        backfill.gaps = tuple(it.library.gaps(source.id))
        begin(it, backfill)
    yield from sync.walk(it, patience=PATIENCE * 0, judging=backfill.judge)


def refuse(it: Opened, source: Source) -> None:
    """Raise ConfigError where a source can't be asked now, and say what can be done."""
    if source.id not in it.library.polls():
        raise ConfigError(f"{source.name} is no feed: `dibao keep` takes its pages one by one.")
    if source.state is not State.ACTIVE:
        raise ConfigError(
            f"{source.name} is {source.state}: dibao sources resume {source.id} goes on with it."
        )
    until = it.archive.held(urls.host(source.url), it.clock.now())
    if until:
        raise ConfigError(
            f"{urls.host(source.url)} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC. Go on then."
        )


def further_back(it: Opened, backfill: Backfill) -> None:
    """Read a sitemap back to an earlier day from now on; it is resumable by itself."""
    if backfill.until or backfill.limit is not None:
        raise ConfigError("A sitemap is read back to a day: of a backfill, it knows --since only.")
    if not backfill.since:
        raise ConfigError(f"Say how far back {backfill.source.name} is to be read: --since 2020-01-01.")
    if backfill.since < (backfill.source.since or backfill.since):
        subscribe.change(it, backfill.source, {"since": backfill.since})


def begin(it: Opened, backfill: Backfill) -> None:
    """Make due the first page of a source's past; ConfigError where none is to be found."""
    source, now = backfill.source, it.clock.now()
    ref = it.library.polls()[source.id].ref
    if ref is None:
        raise ConfigError(f"{source.name} could not be read yet: `dibao status` says why.")
    capture = read_capture(it.folder, ref)
    places = first_pages(it, source, capture)
    if not places:
        raise ConfigError(
            f"{source.name} leads to no older page, and {urls.host(source.url)} has no sitemap. If you know "
            f"of one: `dibao add URL --since {backfill.since or '2020-01-01'}`."
        )
    visits = [older_visit(place, source, now, 1) for place in places]
    facts = {"since": backfill.since, "until": backfill.until, "limit": backfill.limit}
    it.sources.begin_backfill(source, visits, facts, now)


def first_pages(it: Opened, source: Source, capture: Capture) -> list[str]:
    """Return where a source's past begins: the page that its answer leads to, else its host's sitemaps."""
    try:
        feed = pipeline.feed_in(capture, source)
    except FeedError as error:
        raise ConfigError(f"{source.name} can't be read: {error.why}.") from error
    page = older_page(feed, capture.final_url)
    if page and urls.akin(page, source.url):
        return [page]
    return [] if source.feed_only else sitemaps(it, source)


def sitemaps(it: Opened, source: Source) -> list[str]:
    """Return the sitemaps of a source's host: those its robots.txt names, else the one at the usual place."""
    with fetching(it) as network:
        robots = answer(network, urljoin(source.url, "/robots.txt"))
        rules = read_rules(b"" if trouble(robots) else robots.body, url=robots.final_url)
        named = [part.url for part in rules.parts if urls.akin(part.url, source.url)]
        if named:
            return named[:MOST_SITEMAPS]
        usual = answer(network, urljoin(source.url, "/sitemap.xml"))
        return [] if trouble(usual) or not is_sitemap(usual.body) else [usual.final_url]
