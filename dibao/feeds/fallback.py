"""Feeds that our own readers find nothing in, as feedparser sees them: the last resort."""

from io import BytesIO
from typing import Any

import feedparser

from dibao.dates import parse_date
from dibao.feeds.plain import person, plain, tidy, unique
from dibao.model import Enclosure, Entry, Feed
from dibao.urls import absolute

# What feedparser is known to raise on broken input.
_TROUBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_fallback(utf8: bytes, url: str, most: int) -> Feed | None:
    """Return the feed as feedparser reads it, or None if it finds no entries either.

    Its dates are made up where it can't read them, so that the raw ones are read again by us.
    """
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            BytesIO(utf8),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        entries = tuple(_entry(entry, url) for entry in parsed.entries[:most])
    except _TROUBLES:
        return None
    if not entries:
        return None
    return Feed(
        format=parsed.version or "unknown",
        title=plain(parsed.feed.get("title")),
        link=absolute(url, parsed.feed.get("link")),
        language=tidy(parsed.feed.get("language")),
        entries=entries,
        notes=("read by feedparser",),
    )


def _entry(entry: Any, url: str) -> Entry:
    published = tidy(entry.get("published"))
    updated = tidy(dict.get(entry, "updated"))  # its own `get` answers with the published date
    summary = entry.get("summary") or None
    content = next((part.value for part in entry.get("content", ()) if part.get("value")), summary)
    return Entry(
        guid=tidy(entry.get("id")),
        link=absolute(url, entry.get("link")),
        title=plain(entry.get("title")),
        published=parse_date(published),
        published_raw=published,
        updated=parse_date(updated),
        updated_raw=updated,
        authors=unique(person(author.get("name")) for author in entry.get("authors", ())),
        categories=unique(tidy(tag.get("term")) for tag in entry.get("tags", ())),
        content=content,
        summary=summary if summary != content else None,
        enclosures=_enclosures(entry, url),
    )


def _enclosures(entry: Any, url: str) -> tuple[Enclosure, ...]:
    files = ((absolute(url, part.get("href")), part.get("type")) for part in entry.get("enclosures", ()))
    return tuple(Enclosure(url=file, type=tidy(type_)) for file, type_ in files if file)
