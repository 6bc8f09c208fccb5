"""Config in, ready objects out: the only place that names implementations."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from aiohttp.abc import AbstractResolver

from dibao.archive import vault
from dibao.archive.database import Database
from dibao.archive.folder import DATABASE, SETTINGS, require, require_database
from dibao.archive.hubs import SqliteHubs
from dibao.archive.library import SqliteLibrary
from dibao.archive.sources import SqliteSources
from dibao.archive.sqlite import SqliteArchive
from dibao.archive.warc import WarcWriter, read_capture, stood_at
from dibao.clock import SystemClock
from dibao.config import Config, load
from dibao.consumers import Form
from dibao.decide import pictures_of
from dibao.fetch.http import Guard, Http, Limits
from dibao.fetch.logins import logins
from dibao.fetch.record import Recorder
from dibao.fetch.secrets import PLACEHOLDER, reveal
from dibao.model import Capture, Enclosure, Headline, Kept, Picture, Visit
from dibao.ports import Clock, Network, Page
from dibao.publish.posts import posts
from dibao.publish.site import Renderer, Site, channel
from dibao.publish.volumes import feeds
from dibao.publish.write import Folder
from dibao.text import digest
from dibao.version import VERSION
from dibao.workers import Workers

PATIENCE = timedelta(minutes=5)  # a one-shot sync waits for visits due so soon
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
    resolver: AbstractResolver | None = None


@contextmanager
def opened(
    folder: Path,
    *,
    clock: Clock | None = None,
    at: Callable[[str], None] = nothing,
    resolver: AbstractResolver | None = None,
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
            library=SqliteLibrary(database),
            sources=SqliteSources(database, folder / "journal"),
            hubs=archive.hubs,
            at=at,
            resolver=resolver,
        )
    finally:
        archive.close()


@contextmanager
def fetching(it: Opened, *, keep: Callable[[Visit, Capture], Capture] | None = None) -> Iterator[Network]:
    """Open the network; with `keep`, every answer is written down before it is passed on."""

    def put_in(url: str) -> str:
        return reveal(url, vault.read(it.folder)) if PLACEHOLDER.search(url) else url

    def stood(visit: Visit) -> str | None:
        return stood_at(it.folder, visit.ref) if visit.ref else None

    with asking(it.config, it.clock, it.resolver, put_in, stood, it.folder) as http:
        yield Recorder(http, lightened(keep)) if keep else http


def lightened(keep: Callable[[Visit, Capture], Capture]) -> Callable[[Visit, Capture], Capture]:
    """Return what keeps captures and passes them on without their wire bytes: these are written down now."""
    return lambda visit, capture: replace(keep(visit, capture), exchanges=())


def asking(
    config: Config,
    clock: Clock,
    resolver: AbstractResolver | None = None,
    reveal_in: Callable[[str], str] = str,
    stood: Callable[[Visit], str | None] = lambda visit: None,
    folder: Path = Path(),
) -> Http:
    """Return the network as the settings want it asked."""
    settings = config.fetch
    headers = {host: {"Authorization": login} for host, login in logins(settings.auth, folder).items()}
    headers |= {host: headers.get(host, {}) | own for host, own in settings.headers.items()}
    return Http(
        user_agent=f"dibao/{VERSION} (+{settings.contact})",
        now=clock.now,
        limits=Limits.within(max_bytes=settings.max_bytes, seconds=settings.timeout),
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
    )


@contextmanager
def working(it: Opened) -> Iterator[Workers]:
    """Start the reading processes and end them afterwards."""
    workers = Workers(it.config.read.workers, deadline=it.config.read.deadline)
    try:
        yield workers
    finally:
        workers.close()


def forms(it: Opened) -> Iterator[Form]:
    """Yield the published forms that the settings ask for."""
    wanted = it.config.publish
    if wanted.posts:
        yield posts_form(it)
    if wanted.site:
        yield site_form(it)


def posts_form(it: Opened) -> Form:
    """Return the form that keeps posts/."""

    def pages(changed: Iterable[Kept], headlines: Sequence[Headline], since: int) -> Iterator[Page]:
        return posts(changed)

    return Form(
        name="posts",
        mark=digest(VERSION),
        pages=pages,
        lasting=lambda path: True,  # a post's path never changes: none is ever in the way
        target=Folder(it.folder / "posts", it.at),
    )


def site_form(it: Opened) -> Form:
    """Return the form that keeps site/."""
    site, target = Site(**it.config.site.model_dump()), Folder(it.folder / "site", it.at)
    zones = {source.id: source.timezone for source in it.library.sources()}
    pictures = it.library.pictures()
    places = {url: picture_path(picture) for url, picture in pictures.items()}
    renderer = Renderer(site, image=places.get, zones=zones)

    def copy(url: str) -> Enclosure | None:
        place = places.get(url)
        if place is None:
            return None
        return Enclosure(url=place, type=pictures[url].type, length=target.size(place))

    def pages(changed: Iterable[Kept], headlines: Sequence[Headline], since: int) -> Iterator[Page]:
        lines, told = {line.key: line for line in headlines}, set()
        for kept in changed:
            told.add(kept.key)
            yield renderer.article_page(kept, lines[kept.key])
            yield from shown_by(kept, pictures, it.folder)
        yield from renderer.site_pages(headlines)
        arrivals = [(seq, lines[key]) for seq, key in it.library.arrivals() if key in lines]
        known = sum(seq <= since for seq, _ in arrivals)
        arrived = [line for _, line in arrivals]
        yield from feeds(channel(site), arrived, it.library.kept, copy=copy, known=known, changed=told)

    return Form(
        name="site",
        mark=digest(VERSION, repr(site)),
        pages=pages,
        lasting=lambda path: path.startswith(LASTING),
        target=target,
    )


def shown_by(kept: Kept, pictures: Mapping[str, Picture], folder: Path) -> Iterator[Page]:
    """Yield the pictures that an article shows in any version and that are kept in an archive folder."""
    shown = {url for revision in kept.revisions for url in pictures_of(revision.article)}
    for url in sorted(shown & pictures.keys()):
        yield Page(path=picture_path(pictures[url]), body=read_capture(folder, pictures[url].ref).body)


def picture_path(picture: Picture) -> str:
    """Return where a picture stands below the site: by its bytes, so that each is there once."""
    ending = {"image/jpeg": "jpg"}.get(picture.type, picture.type.removeprefix("image/"))
    return f"media/{picture.digest[:2]}/{picture.digest}.{ending}"
