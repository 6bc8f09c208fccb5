"""Keeping single pages that a person names or brings, without subscribing to anything.

A page that is asked for takes the road of every visit: guard, limits, robots.txt and the host's wish to
be left alone. A page that is brought is written down as what it is, and read like any other.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from io import BufferedIOBase
from itertools import chain

from dibao import engine, urls
from dibao.addresses import storable
from dibao.archive import foreign
from dibao.archive.folder import require_space
from dibao.archive.records import resource
from dibao.decide import by_url, judge, judge_wish, key_of
from dibao.errors import ConfigError
from dibao.extract import stated_address
from dibao.model import Brought, Capture, Kind, Outcome, Revision, Source, Verdict, Visit
from dibao.ports import Fetcher, Judge
from dibao.saved import unfold
from dibao.wiring import Opened, fetching, working
from dibao.workers import Workers

MOST_AT_ONCE = 50  # pages of a WARC file read and settled together
Found = tuple[Capture, list[foreign.Foreign]]
Keeper = Callable[[Workers], Iterator["KeptPage"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """What came of keeping one page."""

    url: str
    key: str | None  # of its article; None where no article is known there
    title: str | None
    number: int  # the version that stands; 0 where none is kept
    verdict: Verdict | None  # "same": nothing new; None: no article was found
    brought: Brought | None
    came: bool  # there was a page to read
    captured: bool  # its bytes are kept
    error: str | None  # why it is no article, or why nothing came


def keep(it: Opened, keeper: Keeper) -> Iterator[KeptPage]:
    """Keep pages in an archive and yield what came of each; the caller holds `archive.folder.walking`."""
    require_space(it.folder, it.config.archive.min_free)
    with working(it) as workers:
        for _ in engine.recover(it.archive, workers):
            pass
        yield from keeper(workers)


def asked(it: Opened, address: str, source: Source | None) -> Keeper:
    """Return what asks for a page and keeps it; ConfigError where its host wants to be left alone."""
    url, now = storable(it, address), it.clock.now()
    until = it.archive.held(urls.host(url), now)
    if until:
        raise ConfigError(
            f"{urls.host(url)} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC. Ask then, or save "
            f"the page in a browser: `dibao keep page.html --url {url}`."
        )

    def keeper(workers: Workers) -> Iterator[KeptPage]:
        visit = visit_of(it, url, source)
        with fetching(it, keep=it.archive.keep) as network:
            for each in settled(it, workers, network.fetch([visit]), judge_wish):
                if each.came:
                    it.sources.page_kept(url, "asked", it.clock.now())
                yield with_further_pages(it, workers, network, each) if each.key and not each.error else each

    return keeper


def with_further_pages(it: Opened, workers: Workers, network: Fetcher, kept: KeptPage) -> KeptPage:
    """Ask for the further pages of an article that was just kept, each once; return what came of all."""
    asked: set[int] = set()
    said = kept
    while wanted := further(it, kept.key or "", asked):
        asked.add(wanted.id)
        for each in settled(it, workers, network.fetch([wanted]), judge_wish):
            verdict = stronger(said.verdict, each.verdict)
            said = replace(said, number=max(said.number, each.number), verdict=verdict)
    return said


def further(it: Opened, key: str, asked: Collection[int]) -> Visit | None:
    """Return the next page of an article that was not asked and whose host may be asked, or None."""
    left = (visit for visit in it.archive.next_of(key) if visit.id not in asked)
    now = it.clock.now()
    return next((visit for visit in left if not it.archive.held(urls.host(visit.url), now)), None)


def stronger(one: Verdict | None, other: Verdict | None) -> Verdict | None:
    """Return the verdict to tell of two pages of an article: what is new before what is as it was."""
    return other if one is Verdict.SAME and other is not None else one


def saved(it: Opened, name: str, data: bytes, address: str | None, source: Source | None) -> Keeper:
    """Return what keeps a page that a person saved; ConfigError where nobody knows where it stood."""
    if not data:
        raise ConfigError(f"{name} is empty.")
    if len(data) > it.config.fetch.max_bytes:
        raise ConfigError(f"{name} is larger than {it.config.fetch.max_bytes} bytes (fetch.max_bytes).")
    file = unfold(data)
    stood = address or file.url or stated_address(file.page, content_type=file.page_type)
    if not stood:
        raise ConfigError(f"{name} does not say where it stood. Name its address: --url https://…")
    url, now = storable(it, stood), it.clock.now()

    def keeper(workers: Workers) -> Iterator[KeptPage]:
        visit = visit_of(it, url, source)
        it.sources.page_kept(url, Brought.SAVED, now)
        capture = Capture(
            url=visit.url,
            final_url=url,
            captured_at=now,
            headers=(("Content-Type", file.page_type),),
            body=file.page,
            brought=Brought.SAVED,
        )
        kept = it.archive.bring(visit, capture, [resource(capture, data, file.type)], now)
        yield from settled(it, workers, [(visit, kept)])

    return keeper


def copied(
    it: Opened, name: str, stream: BufferedIOBase, address: str | None, source: Source | None
) -> Keeper:
    """Return what keeps every page of a WARC file, or those of one address, as another crawler had them."""
    wanted = by_url(storable(it, address)) if address else None

    def keeper(workers: Workers) -> Iterator[KeptPage]:
        found = ((c, records) for c, records in foreign.pages(stream, it.clock.now()) if fits(c, wanted))
        first = next(found, None)
        if first is None:
            raise ConfigError(f"{name} holds no page{f' of {address}' if address else ''} that came whole.")
        for group in distinct(chain([first], found)):
            brought = [copy_in(it, capture, records, source) for capture, records in group]
            yield from settled(it, workers, [each for each in brought if each])

    return keeper


def fits(capture: Capture, wanted: str | None) -> bool:
    """Say whether a page of a WARC file is one that a person wants, at an address that can be known."""
    named = by_url(capture.url)
    return named is not None and wanted in (None, named)


def distinct(found: Iterator[Found]) -> Iterator[list[Found]]:
    """Yield pages in groups in which no address stands twice, so that its versions follow each other.

    What stands before damage in the file is yielded before the error is raised.
    """
    group: dict[str | None, Found] = {}
    damage: ConfigError | None = None
    while not damage:
        try:
            each = next(found, None)
        except ConfigError as error:
            damage, each = error, None
        named = by_url(each[0].url) if each else None
        if group and (each is None or named in group or len(group) >= MOST_AT_ONCE):
            yield list(group.values())
            group = {}
        if each is None:
            break
        group[named] = each
    if damage:
        raise damage


def copy_in(
    it: Opened, capture: Capture, records: list[foreign.Foreign], source: Source | None
) -> tuple[Visit, Capture] | None:
    """Write a page's records down as they stand; None where the same capture is kept already."""
    now = it.clock.now()
    visit = visit_of(it, storable(it, capture.url), source)
    known = next(it.library.kept([visit.key or ""]), None)
    if known and any(is_copy(each, capture) for each in known.revisions):
        return None
    it.sources.page_kept(visit.url, Brought.COPIED, now)
    mine = replace(capture, url=visit.url)
    return visit, it.archive.bring(visit, mine, foreign.members(mine, records), now)


def is_copy(revision: Revision, capture: Capture) -> bool:
    """Say whether a version was read from this very capture of another crawler."""
    return revision.article.brought is Brought.COPIED and revision.seen_at == capture.captured_at


def visit_of(it: Opened, url: str, source: Source | None) -> Visit:
    """Return the visit that looks after the article at an address, made where there is none."""
    identity = by_url(url)
    if identity is None:
        raise ConfigError(f"{url} is not a web address.")
    owner = source or it.sources.kept_pages(it.clock.now())
    fresh = Visit(url=url, kind=Kind.ARTICLE, source=owner, key=key_of(identity))
    return it.archive.visit_for(identity, fresh)


def settled(
    it: Opened, workers: Workers, captures: Iterable[tuple[Visit, Capture]], judging: Judge = judge
) -> Iterator[KeptPage]:
    """Read captures, settle them, and yield what came of each."""
    for answers in workers.read(iter(captures)):
        outcomes = engine.settle(it.archive, answers, it.clock.now(), judging)
        for (_, capture, _), outcome in zip(answers, outcomes, strict=True):
            yield told(it, capture, outcome)


def told(it: Opened, capture: Capture, outcome: Outcome) -> KeptPage:
    """Return what came of a page, as the archive has it now."""
    key = it.library.key_at(by_url(capture.url) or "") or outcome.visit.key or ""
    kept = next(it.library.kept([key]), None)
    new = outcome.revisions[-1].verdict if outcome.revisions else None
    return KeptPage(
        url=capture.url,
        key=key if kept else None,
        title=kept.latest.article.title if kept else None,
        number=kept.latest.number if kept else 0,
        verdict=new or (Verdict.SAME if kept and not outcome.error else None),
        brought=capture.brought,
        came=capture.has_page or (capture.status == 304 and not capture.failure),
        captured=capture.ref is not None,
        error=outcome.error,
    )
