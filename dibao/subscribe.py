"""Subscribing: from an address or a name to a source of the archive, and changing one.

What was answered when it was found is kept at once, so that the first sync need not ask again.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dibao import pipeline, urls
from dibao.addresses import storable
from dibao.archive import folder as archives
from dibao.archive.sources import READ_BY
from dibao.decide import recent
from dibao.errors import ArchiveError, ConfigError
from dibao.feeds.catalogue import Outlet
from dibao.finding import Answer, ask_listed, choose, find_feed, listed_fields, trouble
from dibao.model import BUSY, KEPT_PAGES, Capture, Feed, Source
from dibao.rulebook import book_at
from dibao.wiring import Opened, places_of_rules

BEGINNING = timedelta(days=30)  # how far back a sitemap is read, unless a person says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of subscribing."""

    source: Source
    new: bool
    titles: tuple[str, ...] = ()  # what is announced, as it stands there; the address where it has no title
    announced: int = 0
    left_out: int = 0  # entries last changed before `source.since`
    parts: int = 0  # further sitemaps
    notes: tuple[str, ...] = ()  # what had to be mended to read it
    others: tuple[str, ...] = ()  # further feeds of the same page
    trouble: str | None = None  # why it could not be read now
    outlet: Outlet | None = None  # as the catalogue has it


def unshown(found: Answer) -> None:
    """Show nothing of what was found."""


def subscribe(
    it: Opened,
    address: str,
    wished: dict[str, Any],
    *,
    check: bool = True,
    guess: bool = False,
    show: Callable[[Answer], None] = unshown,
) -> Added:
    """Subscribe to what stands at an address, or to the feed a page there leads to, or one of the catalogue.

    `wished` holds fields of the `Source`; what it leaves out or None is taken from the catalogue or the
    answer. `guess` also tries where feeds often stand. `show` is told what was found before it is subscribed.
    ConfigError if there is nothing to subscribe to.
    """
    chosen, wished, now = choose(address), consistent(wished), it.clock.now()
    url = storable(it, chosen[1].url if chosen else address)
    known = listed_fields(*chosen) if chosen else {}
    outlet = chosen[0] if chosen else None
    if not check:
        source, new = it.sources.add(begun(described(wished, url, known), now), now)
        return Added(source=source, new=new, outlet=outlet)
    found = ask_listed(it, *chosen) if chosen else find_feed(it, url, wished, guess=guess)
    told = {"kind": found.kind} | of_feed(found.feed) | known
    wanted = begun(described(wished, found.url, told), now)
    taken = recent(found.feed.entries if found.feed else (), wanted)
    found = replace(found, taken=taken)
    show(found)
    source, new = it.sources.add(wanted, now)
    if new and (found.feed or found.capture.status in BUSY):  # its wish to be left alone is kept too
        keep_answer(it, source, found.capture)
    return Added(
        source=source,
        new=new,
        titles=found.titles,
        announced=len(taken),
        left_out=len(found.feed.entries) - len(taken) if found.feed else 0,
        parts=len(found.feed.parts) if found.feed else 0,
        notes=found.feed.notes if found.feed else (),
        others=found.others,
        trouble=None if found.feed else trouble(found.capture),
        outlet=outlet,
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


def of_feed(feed: Feed | None) -> dict[str, Any]:
    """Return what a feed says of itself, as fields of a source."""
    told = {"name": feed.title, "language": feed.language} if feed else {}
    return {field: value for field, value in told.items() if value is not None}


def described(wished: dict[str, Any], url: str, told: dict[str, Any]) -> Source:
    """Return the source a person wished for; where the wish is silent, as catalogue or feed have it."""
    wishes = {field: value for field, value in wished.items() if value is not None}
    return Source(url=url, **({"name": urls.host(url)} | told | wishes))


def keep_answer(it: Opened, source: Source, capture: Capture) -> None:
    """Settle the first poll, unless a sync is running: then that one polls the source."""
    with ExitStack() as held:
        try:
            held.enter_context(archives.walking(it.folder))
        except ArchiveError:
            return
        visit = it.library.polls()[source.id]
        kept = it.archive.keep(visit, capture)
        reading = pipeline.read(visit, kept, book_at(places_of_rules(it)))
        it.archive.settle([(visit, kept, reading)], pipeline.judge, it.clock.now())


def change(it: Opened, source: Source, changes: dict[str, Any]) -> Source:
    """Change a source, have it read anew where that matters, and return it; ConfigError if that clashes."""
    now = it.clock.now()
    if source.kind == KEPT_PAGES.kind and (READ_BY | {"every", "feed_only"}) & changes.keys():
        raise ConfigError(
            f"{source.name} holds what was kept page by page: it has no address, and no rhythm."
        )
    if "kind" not in changes and changes.get("selector") and source.kind != "sitemap":
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
