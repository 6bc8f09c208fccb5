"""Any bytes -> Feed or FeedError; pages -> the feeds they name; lists of sources in and out."""

import re
from collections.abc import Callable
from dataclasses import replace

from dibao.charset import decode
from dibao.errors import FeedError
from dibao.feeds.atom import read_atom
from dibao.feeds.discover import discover
from dibao.feeds.elements import Element
from dibao.feeds.fallback import read_fallback
from dibao.feeds.jsonfeed import read_json
from dibao.feeds.listpage import read_list_page
from dibao.feeds.lists import read_list, write_opml
from dibao.feeds.repair import MOST_ENTRIES, mentions, read_xml
from dibao.feeds.rss import read_rss
from dibao.feeds.sitemap import is_sitemap, read_sitemap
from dibao.model import Feed

__all__ = [
    "discover",
    "is_sitemap",
    "parse_feed",
    "read_list",
    "read_list_page",
    "read_sitemap",
    "write_opml",
]

_LARGEST = 16 * 1024 * 1024  # bytes
_LARGEST_FALLBACK = 1024 * 1024  # characters: feedparser is slow on what isn't a feed
_READERS: dict[str, Callable[[Element, str, int], Feed]] = {
    "rss": read_rss,
    "rdf": read_rss,
    "feed": read_atom,
}
_ROOTS, _ENTRIES = "rss|rdf|feed", "item|entry"
_PAGE = re.compile(
    r"\s*(?:(?><\?xml.*?\?>|<!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.S | re.I
)


def parse_feed(body: bytes, *, url: str, content_type: str | None = None, largest: int = _LARGEST) -> Feed:
    """Return the feed in the bytes, whatever its format: RSS, RDF, Atom or JSON Feed.

    ``url`` is where it was found, and the base of its links. ``Feed.notes`` says what had to be
    repaired. A feed without entries is a Feed; raises FeedError where there is no feed, or where a
    feed was cut off before its first whole entry.
    """
    if len(body) > largest:
        raise FeedError(url, f"larger than {largest} bytes")
    text, notes = decode(body, content_type=content_type)
    if not text.strip():
        raise FeedError(url, "empty")
    feed = read_json(text, url, MOST_ENTRIES) if text.lstrip()[0] in "{[" else _read_markup(text, url)
    most = (f"only the first {MOST_ENTRIES} entries read",) if len(feed.entries) >= MOST_ENTRIES else ()
    return replace(feed, notes=(*notes, *feed.notes, *most))


def _read_markup(text: str, url: str) -> Feed:
    if _PAGE.match(text):
        raise FeedError(url, "an HTML page, not a feed")
    mended = read_xml(text, _ROOTS, _ENTRIES)
    if mended is None:
        return _last_resort(text, url, None)
    name = str(mended.root.tag).rpartition("}")[2].rpartition(":")[2].lower()
    read = replace(_READERS[name](mended.root, url, MOST_ENTRIES), notes=mended.notes)
    if read.entries:
        return read
    if mended.cut:
        raise FeedError(url, "cut off before the end of its first entry")
    return _last_resort(text, url, read)


def _last_resort(text: str, url: str, read: Feed | None) -> Feed:
    worth_it = len(text) <= _LARGEST_FALLBACK and mentions(text, _ENTRIES)
    found = read_fallback(text, url, MOST_ENTRIES) if worth_it else None
    feed = found or read
    if feed is None:
        raise FeedError(url, "neither RSS nor Atom nor JSON Feed")
    return feed
