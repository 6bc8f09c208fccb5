"""Subscribing: from an address to a source, with one question to its server and no more.

What that question brought is kept at once, so that the first sync need not ask the feed again.
"""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from dibao import pipeline, urls
from dibao.archive import folder as archives
from dibao.archive import vault
from dibao.errors import ArchiveError, ConfigError, FeedError
from dibao.feeds import parse_feed
from dibao.feeds.discover import discover
from dibao.fetch.secrets import hide
from dibao.model import Capture, Feed, Kind, Source, Trouble, Visit
from dibao.wiring import Opened, fetching

# Answers of the world that mean the address itself is wrong, not that a server has a bad day.
WRONG_ADDRESS = {Trouble.URL, Trouble.DNS, Trouble.BLOCKED, Trouble.CONNECT, Trouble.TLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of subscribing."""

    source: Source
    new: bool
    titles: tuple[str, ...] = ()  # what the feed announces, as it stands in it
    announced: int = 0
    others: tuple[str, ...] = ()  # further feeds of the same page
    trouble: str | None = None  # why it could not be read now


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands at an address."""

    url: str
    capture: Capture
    feed: Feed | None = None
    others: tuple[str, ...] = ()


def subscribe(it: Opened, url: str, wished: dict[str, Any], *, check: bool = True) -> Added:
    """Subscribe to a feed, or to the feed that a page links to; ConfigError if there is none.

    `wished` holds fields of the `Source`; what it leaves out or None is taken from the feed.
    """
    url = storable(it, url)
    if not check:
        source, new = it.sources.add(described(wished, url, None), it.clock.now())
        return Added(source=source, new=new)
    found = find_feed(it, url)
    source, new = it.sources.add(described(wished, found.url, found.feed), it.clock.now())
    if new and found.feed:
        keep_answer(it, source, found.capture)
    entries = found.feed.entries if found.feed else ()
    return Added(
        source=source,
        new=new,
        titles=tuple(entry.title or "(untitled)" for entry in entries[:3]),
        announced=len(entries),
        others=found.others,
        trouble=None if found.feed else trouble(found.capture),
    )


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


def described(wished: dict[str, Any], url: str, feed: Feed | None) -> Source:
    """Return the source that a person wished for, with what the feed says where the wish is silent."""
    title, language = (feed.title, feed.language) if feed else (None, None)
    told = {"name": title or urls.host(url), "language": language}
    wishes = {field: value for field, value in wished.items() if value is not None}
    return Source(url=url, **(told | wishes))


def find_feed(it: Opened, url: str) -> Answer:
    """Return the feed at an address, or the first that the page there links to."""
    capture = ask(it, url)
    feed = feed_in(capture)
    if feed or trouble(capture):
        return Answer(url=url, capture=capture, feed=feed)
    links = discover(capture.body, url=capture.final_url, content_type=capture.header("Content-Type"))
    if not links:
        raise ConfigError(
            f"{url} is neither a feed nor a page that names its feed. Look for its RSS address."
        )
    (first, _), *others = links
    capture = ask(it, storable(it, first))
    feed = feed_in(capture)
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


def feed_in(capture: Capture) -> Feed | None:
    """Return the feed in an answer, or None."""
    if capture.status != 200 or capture.failure:
        return None
    try:
        return parse_feed(capture.body, url=capture.final_url, content_type=capture.header("Content-Type"))
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
