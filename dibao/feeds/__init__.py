"""Any bytes -> Feed or FeedError; pages -> the feeds they name; lists of sources in and out."""

import re
from dataclasses import replace
from types import ModuleType
from typing import Any

from dibao.charset import Text, to_utf8
from dibao.errors import FeedError
from dibao.feeds import atom, rss
from dibao.feeds.discover import discover
from dibao.feeds.document import (
    HUGE,
    MOST_ENTRIES,
    Cutting,
    cut_out,
    entries_of,
    is_based,
    local_name,
    mentions,
    parse_strictly,
    piecemeal,
    raws,
)
from dibao.feeds.elements import Element, Setting
from dibao.feeds.fallback import read_fallback
from dibao.feeds.jsonfeed import read_json
from dibao.feeds.listpage import read_list_page
from dibao.feeds.markup import resolved
from dibao.feeds.opml import read_list, write_opml
from dibao.feeds.repair import Mended, mend
from dibao.feeds.rules import read_rules
from dibao.feeds.sitemap import is_sitemap, read_sitemap
from dibao.feeds.tree import tree_of
from dibao.model import Entry, Feed

__all__ = [
    "discover",
    "is_sitemap",
    "parse_feed",
    "read_list",
    "read_list_page",
    "read_rules",
    "read_sitemap",
    "resolved",
    "write_opml",
]

_LARGEST = 64 * 1024 * 1024  # bytes
_LARGEST_MENDED = 2 * 1024 * 1024  # bytes: mending takes seconds beyond that
_LARGEST_FALLBACK = 256 * 1024  # bytes: feedparser is slow on what isn't a feed
_READERS: dict[str, ModuleType] = {"rss": rss, "rdf": rss, "channel": rss, "feed": atom, "entry": atom}
_ROOTS, _PARTS = "rss|rdf|feed|channel|entry", ("item", "entry")
_SAVED = "|".join(_PARTS)
_PAGE = re.compile(
    rb"\s*(?:(?><\?xml.*?\?>|<!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.S | re.I
)


def parse_feed(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    tree: bool = False,
    fallback: bool = True,
    largest: int = _LARGEST,
) -> Feed:
    """Return the feed in the bytes, whatever its format: RSS, RDF, Atom, CDF or JSON Feed.

    ``url`` is where it was found, and the base of its links. ``Feed.notes`` says what had to be
    repaired. ``tree`` asks for all that the document says, as `Feed.tree`; without ``fallback``,
    feedparser is not asked where we find nothing. A feed without entries is a Feed; raises FeedError
    where there is no feed, or where a feed was cut off before its first whole entry. Links within HTML
    stay as they are written, to be read from `Entry.base`; `resolved` gives them in full.
    """
    if len(body) > largest:
        raise FeedError(url, f"larger than {largest} bytes")
    read = to_utf8(body, content_type=content_type)
    begin = read.utf8[:1000].lstrip()[:1] or read.utf8.lstrip()[:1]
    if not begin:
        raise FeedError(url, "empty")
    if begin in b"{[":
        return read_json(read, url, MOST_ENTRIES)
    try:
        return _read_markup(read, url, tree, fallback)
    except UnicodeDecodeError as error:  # references to half characters: libxml2 lets them pass
        raise FeedError(url, "refers to characters that are none") from error


def _read_markup(read: Text, url: str, tree: bool, fallback: bool) -> Feed:
    found = cut_out(read.utf8, _ROOTS)
    if (found is None or found.junk_before) and _PAGE.match(read.utf8):
        raise FeedError(url, "an HTML page, not a feed")
    if found is None:
        return _last_resort(read, url, None, fallback)
    told = {"charset": read.charset, "cut": not found.closed}
    found = found._replace(notes=(*read.notes, *found.notes))
    size = found.stop - found.start
    root = parse_strictly(found.utf8) if size <= HUGE else None
    if root is None and size > _LARGEST_MENDED:
        try:
            feed = _read_huge(found, url, told)
        except UnicodeDecodeError:  # what stands around the entries: mending leaves those references out
            feed = _read_whole(found, None, url, told, tree)
    else:
        feed = _read_whole(found, root, url, told, tree)
    if feed is not None and feed.entries:
        return feed
    if not found.closed:
        raise FeedError(url, "cut off before the end of its first entry")
    return _last_resort(read, url, feed, fallback)


def _read_whole(
    found: Cutting, root: Element | None, url: str, told: dict[str, Any], tree: bool
) -> Feed | None:
    """Return the feed in a document, mended if it has no root yet, or None where nothing can be read."""
    mended = Mended(root, found.notes) if root is not None else mend(found, _SAVED)
    if mended is None or local_name(mended.root) not in _READERS:
        return None
    reader, elements = _reader_of(mended.root), entries_of(mended.root, _PARTS)
    setting = reader.setting_of(mended.root, url, based=is_based(mended.root))
    pairs = zip(elements, raws(found.whole, elements), strict=True)
    entries = [reader.read_entry(element, setting, raw) for element, raw in pairs]
    if mended.half:
        entries[-1] = replace(entries[-1], cut=True)
    told["notes"] = (*mended.notes, *_most(entries))
    if tree:
        told["tree"] = tree_of(mended.root, url)
    feed: Feed = reader.read_feed(mended.root, setting, entries, told)
    return feed


def _read_huge(found: Cutting, url: str, told: dict[str, Any]) -> Feed | None:
    """Return the feed in a document too large to be held twice, without its raw entries."""
    entries, troubles = list[Entry](), list[str]()
    setting, based = None, b"xml:base" in found.whole
    for element in piecemeal(found, _PARTS, troubles):
        root = element.getroottree().getroot()
        reader = _reader_of(root)
        if setting is None or element is root:
            setting = reader.setting_of(root, url, based=based)
        if element is not root:
            entries += _entry_of(element, reader, setting, troubles)
    if setting is None:
        return None
    told["notes"] = (*found.notes, *troubles, *_most(entries))
    feed: Feed = reader.read_feed(root, setting, entries, told)
    return feed


def _entry_of(element: Element, reader: ModuleType, setting: Setting, troubles: list[str]) -> list[Entry]:
    try:
        return [reader.read_entry(element, setting, "")]
    except UnicodeDecodeError:
        troubles.append("an entry could not be read")
        return []


def _most(entries: list[Entry]) -> tuple[str, ...]:
    return (f"only the first {MOST_ENTRIES} entries read",) if len(entries) >= MOST_ENTRIES else ()


def _reader_of(root: Element) -> ModuleType:
    return _READERS[local_name(root)]


def _last_resort(read: Text, url: str, feed: Feed | None, fallback: bool) -> Feed:
    """Return what feedparser finds, else the feed without entries that we read, or raise FeedError."""
    worth_it = fallback and len(read.utf8) <= _LARGEST_FALLBACK and mentions(read.utf8, _PARTS)
    found = (read_fallback(read.utf8, url, MOST_ENTRIES) if worth_it else None) or feed
    if found is None:
        raise FeedError(url, "neither RSS nor Atom nor JSON Feed")
    return replace(found, charset=read.charset)
