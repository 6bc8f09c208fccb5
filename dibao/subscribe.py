"""Subscribing: from an address to a source, with one question to its server and no more.

What that question brought is kept at once, so that the first sync need not ask the feed again.
"""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dibao import pipeline, urls
from dibao.archive import folder as archives
from dibao.archive import vault
from dibao.archive.sources import READ_BY
from dibao.decide import recent
from dibao.errors import ArchiveError, ConfigError, FeedError
from dibao.feeds import discover, is_sitemap
from dibao.fetch.secrets import hide
from dibao.model import Capture, Feed, Kind, Source, Trouble, Visit
from dibao.wiring import Opened, fetching

BEGINNING = timedelta(days=30)  # how far back a sitemap is read, unless a person says otherwise
# Answers of the world that mean the address itself is wrong, not that a server has a bad day.
WRONG_ADDRESS = {Trouble.URL, Trouble.DNS, Trouble.BLOCKED, Trouble.CONNECT, Trouble.TLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of subscribing."""

    source: Source
    new: bool
    titles: tuple[str, ...] = ()  # what is announced, as it stands there; the address where it has no title
    announced: int = 0
    left_out: int = 0  # entries last changed before `source.since`
    parts: int = 0  # further sitemaps
    others: tuple[str, ...] = ()  # further feeds of the same page
    trouble: str | None = None  # why it could not be read now


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands at an address."""

    url: str
    capture: Capture
    kind: str = "feed"
    feed: Feed | None = None
    others: tuple[str, ...] = ()


def subscribe(it: Opened, url: str, wished: dict[str, Any], *, check: bool = True) -> Added:
    """Subscribe to what stands at an address, or to the feed a page there names; ConfigError for neither.

    `wished` holds fields of the `Source`; what it leaves out or None is taken from the answer.
    """
    url, now = storable(it, url), it.clock.now()
    wished = consistent(wished)
    if not check:
        source, new = it.sources.add(begun(described(wished, url), now), now)
        return Added(source=source, new=new)
    found = find_feed(it, url, wished)
    source, new = it.sources.add(begun(described(wished, found.url, found.kind, found.feed), now), now)
    if new and found.feed:
        keep_answer(it, source, found.capture)
    entries = found.feed.entries if found.feed else ()
    taken = recent(entries, source)
    return Added(
        source=source,
        new=new,
        titles=tuple(entry.title or entry.link or "(untitled)" for entry in taken[:3]),
        announced=len(taken),
        left_out=len(entries) - len(taken),
        parts=len(found.feed.parts) if found.feed else 0,
        others=found.others,
        trouble=None if found.feed else trouble(found.capture),
    )


def consistent(wished: dict[str, Any]) -> dict[str, Any]:
    """Return the wishes where they fit together; ConfigError where they do not. A selector means a page."""
    kind = wished.get("kind") or ("page" if wished.get("selector") else None)
    if wished.get("selector") and kind != "page":
        raise ConfigError(f"A selector says which links of a page are headlines; a {kind} has none.")
    if wished.get("feed_only") and kind in ("sitemap", "page"):
        raise ConfigError(f"A {kind} holds no articles, only where they stand: leave --feed-only out.")
    return wished | {"kind": kind}


def begun(source: Source, now: datetime) -> Source:
    """Return a source that is to be added, with the day from which it is read: a sitemap may list years."""
    if source.kind != "sitemap" or source.since:
        return source
    return replace(source, since=(now - BEGINNING).date().isoformat())


def storable(it: Opened, url: str) -> str:
    """Return an address as it may be written down, its secrets kept apart; ConfigError if it is none."""
    whole = url.strip() if "://" in url else f"https://{url.strip()}"
    if urls.parse(whole) is None:
        raise ConfigError(f"{url!r} is not a web address. Say for example https://example.org/feed.xml")
    marked, found = hide(whole, lambda: f"DIBAO-SECRET-{secrets.token_hex(6)}", vault.read(it.folder))
    vault.remember(it.folder, found)
    return marked


def hidden(it: Opened, source: Source) -> Source:
    """Return a source whose address may be written down."""
    return replace(source, url=storable(it, source.url))


def described(wished: dict[str, Any], url: str, kind: str = "feed", feed: Feed | None = None) -> Source:
    """Return the source that a person wished for, with what its answer says where the wish is silent."""
    title, language = (feed.title, feed.language) if feed else (None, None)
    told = {"name": title or urls.host(url), "language": language, "kind": kind}
    wishes = {field: value for field, value in wished.items() if value is not None}
    return Source(url=url, **(told | wishes))


def find_feed(it: Opened, url: str, wished: dict[str, Any]) -> Answer:
    """Return the feed or sitemap at an address, or the first feed that the page there links to.

    Where a kind is wished for, it is read as that.
    """
    capture = ask(it, url)
    kind = wished["kind"]
    if trouble(capture):
        return Answer(url=url, capture=capture, kind=kind or "feed")
    if kind in ("sitemap", "page"):
        return Answer(url=url, capture=capture, kind=kind, feed=read_as(capture, kind, wished))
    for each in ("feed", "sitemap") if kind is None else ("feed",):
        feed = feed_in(capture, each)
        if feed:
            return Answer(url=url, capture=capture, kind=each, feed=feed)
    return named_feed(it, url, capture)


def named_feed(it: Opened, url: str, page: Capture) -> Answer:
    """Return the first feed that a page names; ConfigError where it names none."""
    links = discover(page.body, url=page.final_url, content_type=page.header("Content-Type"))
    if is_sitemap(page.body):
        raise ConfigError(f"{url} is a sitemap: add it with --kind sitemap.")
    if not links:
        raise ConfigError(
            f"{url} is neither a feed nor a page that names its feed, and no sitemap. Look for its RSS "
            f"address; or `dibao add {url} --kind page` reads the headlines that the page links to."
        )
    (first, _), *others = links
    capture = ask(it, storable(it, first))
    feed = feed_in(capture, "feed")
    if feed is None and trouble(capture) is None:
        raise ConfigError(f"{url} links to {first} as its feed, but that is none.")
    return Answer(
        url=storable(it, first), capture=capture, feed=feed, others=tuple(link for link, _ in others)
    )


def ask(it: Opened, url: str) -> Capture:
    """Return what an address answers; ConfigError when the address itself is wrong."""
    source = Source(name=url, url=url)
    with fetching(it) as fetcher:
        ((_, capture),) = fetcher.fetch([Visit(url=url, kind=Kind.FEED, source=source)])
    failure = capture.failure
    if failure and failure.trouble is Trouble.BLOCKED:
        place = f'allow_private = ["{urls.host(capture.final_url)}"]'
        raise ConfigError(
            f"{url} can't be asked: {failure.detail}. If it is yours, write {place} "
            "below [fetch] in dibao.toml."
        )
    if (failure and failure.trouble in WRONG_ADDRESS) or capture.status in (404, 410):
        why = failure.detail if failure else trouble(capture)
        raise ConfigError(
            f"{url} can't be asked: {why}. Is the address right? "
            "With --unchecked it is subscribed all the same."
        )
    return capture


def read_as(capture: Capture, kind: str, wished: dict[str, Any]) -> Feed:
    """Return what an answer says, read as a person wishes; ConfigError where it can't be."""
    source = Source(
        name="", url=capture.url, kind=kind, selector=wished.get("selector"), timezone=wished.get("timezone")
    )
    try:
        return pipeline.feed_in(capture, source)
    except FeedError as error:
        raise ConfigError(f"{capture.url} can't be read as a {kind}: {error.why}.") from error


def feed_in(capture: Capture, kind: str) -> Feed | None:
    """Return the feed or sitemap in an answer, or None."""
    if trouble(capture):
        return None
    try:
        return pipeline.feed_in(capture, Source(name="", url=capture.url, kind=kind))
    except FeedError:
        return None


def trouble(capture: Capture) -> str | None:
    """Return why an answer can't be read, or None when it came well."""
    if capture.failure:
        return str(capture.failure)
    return None if capture.status == 200 else f"the server answered {capture.status}"


def keep_answer(it: Opened, source: Source, capture: Capture) -> None:
    """Settle the first poll, unless a sync is running: then that one polls the source."""
    with ExitStack() as held:
        try:
            held.enter_context(archives.walking(it.folder))
        except ArchiveError:
            return
        visit = it.library.polls()[source.id]
        kept = it.archive.keep(visit, capture)
        reading = pipeline.read(visit, kept)
        it.archive.settle([(visit, kept, reading)], pipeline.judge, it.clock.now())


def change(it: Opened, source: Source, changes: dict[str, Any]) -> Source:
    """Change a source, have it read anew where that matters, and return it; ConfigError if that clashes."""
    now = it.clock.now()
    if "kind" not in changes and changes.get("selector"):
        changes = changes | {"kind": "page"}
    kind = changes.get("kind", source.kind)
    lost = {"selector": None} if kind != "page" else {}
    lost |= {"since": None} if kind != source.kind else {}  # that of a sitemap is not a feed's
    wished = begun(replace(source, **(lost | changes)), now)
    consistent({"kind": kind, "selector": wished.selector, "feed_only": wished.feed_only})
    told = {name: getattr(wished, name) for name in (*changes, "kind", "selector", "since")}
    new = {name: value for name, value in told.items() if name in changes or value != getattr(source, name)}
    changed = it.sources.change(source, now, **new)
    if READ_BY & new.keys():
        it.sources.hasten(changed.id, now)
    return changed
