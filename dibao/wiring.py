"""Config in, ready objects out: the only place that names implementations."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dibao.archive import vault
from dibao.archive.database import Database
from dibao.archive.folder import DATABASE, SETTINGS, require, require_database
from dibao.archive.hubs import SqliteHubs
from dibao.archive.library import SqliteLibrary
from dibao.archive.rulefiles import Places
from dibao.archive.sources import SqliteSources
from dibao.archive.sqlite import SqliteArchive
from dibao.archive.warc import WarcWriter, stood
from dibao.clock import SystemClock
from dibao.config import Config, load
from dibao.consumers import Form
from dibao.decide.schedule import hold_after
from dibao.model import BUSY, Article, Capture, Headline, Kept, Visit
from dibao.ports import Clock, Network, Page
from dibao.text import digest
from dibao.version import VERSION

# The network, the readers and what publishes are imported where they are made: they take longer to start
# than a command takes that only looks something up.
if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver

    from dibao.copying import Gallery
    from dibao.fetch.http import Http
    from dibao.publish.write import Folder
    from dibao.workers import Workers

PATIENCE = timedelta(minutes=5)  # a one-shot sync waits for visits due so soon
STATUS_LINE = 64  # bytes that hold its number
LASTING = ("a/", "media/", "feed/", "rss/")  # below site/: what an update does not make again


def nothing(point: str) -> None:
    """Do nothing at a named point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An archive, opened: its rooms and its settings."""

    folder: Path
    config: Config
    clock: Clock
    archive: SqliteArchive
    library: SqliteLibrary
    sources: SqliteSources
    hubs: SqliteHubs
    at: Callable[[str], None] = nothing
    resolver: "AbstractResolver | None" = None


@contextmanager
def opened(
    folder: Path,
    *,
    clock: Clock | None = None,
    at: Callable[[str], None] = nothing,
    resolver: "AbstractResolver | None" = None,
) -> Iterator[Opened]:
    """Open an archive folder; ConfigError if it is none, ArchiveError if it can't be used."""
    folder = require(folder).resolve()
    config = load(folder / SETTINGS)
    require_database(folder)
    database = Database(folder / DATABASE)
    archive = SqliteArchive(folder, database, WarcWriter(folder), at)
    try:
        yield Opened(
            folder=folder,
            config=config,
            clock=clock or SystemClock(),
            archive=archive,
            library=SqliteLibrary(database, renewed),
            sources=SqliteSources(database, folder / "journal"),
            hubs=archive.hubs,
            at=at,
            resolver=resolver,
        )
    finally:
        archive.close()


def renewed(article: Article) -> Article:
    """Return an article as it may be shown today: HTML that an older policy let through is cleaned again."""
    from dibao.extract.clean import renewed

    return renewed(article)


@contextmanager
def fetching(it: Opened, *, keep: Callable[[Visit, Capture], Capture] | None = None) -> Iterator[Network]:
    """Open the network; with `keep`, every answer is written down before it is passed on.

    Without, nobody settles the answers: a host's wish to be left alone is kept all the same.
    """
    from dibao.fetch.record import Recorder
    from dibao.fetch.secrets import PLACEHOLDER, reveal

    def put_in(url: str) -> str:
        return reveal(url, vault.read(it.folder)) if PLACEHOLDER.search(url) else url

    def stood_for(visit: Visit) -> str | None:
        return stood(it.folder, visit)

    memory: dict[str, Any] = {"holds": it.library.holds, "shelf": it.archive}
    with asking(it.config, it.clock, it.resolver, put_in, stood_for, it.folder, **memory) as http:
        yield Recorder(http, lightened(keep) if keep else partial(heeded, it))


def heeded(it: Opened, visit: Visit, capture: Capture) -> Capture:
    """Return an answer that nobody settles, once it is kept what its host wishes."""
    if capture.status in BUSY:
        it.archive.heed(capture, hold_after, it.clock.now())
    return capture


def lightened(keep: Callable[[Visit, Capture], Capture]) -> Callable[[Visit, Capture], Capture]:
    """Return what keeps captures and passes them on without their wire bytes: these are written down now.

    Of the hops of a redirect their status lines stay: they say whether a feed has moved for good.
    """

    def written(visit: Visit, capture: Capture) -> Capture:
        kept = keep(visit, capture)
        hops = (replace(hop, request=b"", response=hop.response[:STATUS_LINE]) for hop in kept.exchanges)
        return replace(kept, exchanges=tuple(hops) if len(kept.exchanges) > 1 else ())

    return written


def asking(
    config: Config,
    clock: Clock,
    resolver: "AbstractResolver | None" = None,
    reveal_in: Callable[[str], str] = str,
    stood: Callable[[Visit], str | None] = lambda visit: None,
    folder: Path | None = None,
    **memory: Any,
) -> "Http":
    """Return the network as the settings want it asked."""
    from dibao.fetch.http import Guard, Http, Limits
    from dibao.fetch.logins import logins

    settings = config.fetch
    headers = {
        host: {"Authorization": login} for host, login in logins(settings.auth, folder or Path()).items()
    }
    headers |= {host: headers.get(host, {}) | own for host, own in settings.headers.items()}
    return Http(
        user_agent=f"dibao/{VERSION} (+{settings.contact})",
        now=clock.now,
        limits=Limits.within(
            max_bytes=settings.max_bytes,
            seconds=settings.timeout,
            picture_bytes=settings.max_picture_bytes,
        ),
        guard=Guard(allowed=frozenset(settings.allow_private)),
        per_host=settings.per_host,
        pause=settings.pause,
        concurrency=settings.concurrency,
        resolver=resolver,
        reveal=reveal_in,
        headers=headers,
        robots=settings.robots,
        stood=stood,
        proxies=settings.proxy,
        scratch=folder,
        **memory,
    )


@contextmanager
def working(it: Opened) -> "Iterator[Workers]":
    """Start the reading processes and end them afterwards."""
    from dibao.workers import Workers

    read = it.config.read
    workers = Workers(read.workers, deadline=read.deadline, rules=places_of_rules(it))
    try:
        yield workers
    finally:
        workers.close()


def places_of_rules(it: Opened) -> Places:
    """Return where the rules for single sites stand that count in an archive."""
    named = it.config.extract.site_config
    theirs = str(it.folder / Path(named).expanduser()) if named else None
    return Places(archive=str(it.folder), site_config=theirs)


def forms_wanted(config: Config) -> list[str]:
    """Return the names of the published forms that the settings ask for."""
    return [name for name in ("posts", "site") if getattr(config.publish, name)]


def forms(it: Opened) -> Iterator[Form]:
    """Yield the published forms that the settings ask for."""
    wanted = it.config.publish
    if wanted.posts:
        yield posts_form(it)
    if wanted.site:
        yield site_form(it)


def posts_form(it: Opened) -> Form:
    """Return the form that keeps posts/."""
    from dibao.extract.policy import POLICY
    from dibao.publish.posts import posts
    from dibao.publish.write import Folder

    def pages(changed: Iterable[Kept], headlines: Sequence[Headline], since: int) -> Iterator[Page]:
        return posts(changed)

    return Form(
        name="posts",
        mark=digest(VERSION, f"policy {POLICY}"),
        pages=pages,
        lasting=lambda path: True,  # a post's path never changes: none is ever in the way
        target=Folder(it.folder / "posts", it.at),
    )


def site_form(it: Opened) -> Form:
    """Return the form that keeps site/."""
    from dibao.copying import AT_ONCE
    from dibao.extract.policy import POLICY
    from dibao.publish.copies import RECIPE
    from dibao.publish.site import Renderer, Site, channel
    from dibao.publish.volumes import feeds
    from dibao.publish.write import Folder

    site, target = Site(**it.config.site.model_dump()), Folder(it.folder / "site", it.at)
    zones = {source.id: source.timezone for source in it.library.sources()}

    def pages(changed: Iterable[Kept], headlines: Sequence[Headline], since: int) -> Iterator[Page]:
        lines = {line.key: line for line in headlines}
        told: set[str] = set()
        with pictures_of_the_site(it, target) as gallery:
            renderer = Renderer(site, image=gallery.copies, zones=zones, gaps=it.library.gaps())
            for some in batched(changed, AT_ONCE):
                yield from gallery.shown_by(some)  # before the pages that name them
                told.update(kept.key for kept in some)
                yield from (renderer.article_page(kept, lines[kept.key]) for kept in some)
        yield from renderer.site_pages(headlines)
        arrivals = [(seq, lines[key]) for seq, key in it.library.arrivals() if key in lines]
        known = sum(seq <= since for seq, _ in arrivals)
        arrived = [line for _, line in arrivals]
        copy = partial(gallery.file, ours=bool(site.base))
        yield from feeds(channel(site), arrived, it.library.kept, copy=copy, known=known, changed=told)

    return Form(
        name="site",
        mark=digest(VERSION, f"policy {POLICY}", RECIPE, repr(site)),
        pages=pages,
        lasting=lambda path: path.startswith(LASTING),
        target=target,
    )


def pictures_of_the_site(it: Opened, target: "Folder") -> "Gallery":
    """Return the pictures that are kept, and their copies in the site."""
    from dibao.copying import Gallery

    return Gallery(
        it.folder,
        it.library.pictures(),
        target,
        note=it.archive.measured,
        workers=it.config.read.workers,
        deadline=it.config.read.deadline,
    )


def batched(articles: Iterable[Kept], many: int) -> Iterator[list[Kept]]:
    """Yield articles in lists of so many, the last one shorter."""
    rest = iter(articles)
    while some := list(islice(rest, many)):
        yield some
