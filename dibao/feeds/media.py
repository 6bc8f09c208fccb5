"""Files that an entry carries: RSS enclosures, Atom enclosure links and Media RSS.

Media RSS: https://www.rssboard.org/media-rss
"""

from collections.abc import Iterator

from dibao.feeds.elements import Element, Fields, address, attribute, every, fields, first
from dibao.feeds.plain import plain
from dibao.model import Enclosure


def enclosures(found: Fields, url: str) -> tuple[Enclosure, ...]:
    """Return every file of an entry once, in the order of the feed."""
    files = (_enclosure(element, url) for element in _elements(found))
    return tuple({file.url: file for file in files if file}.values())


def _elements(found: Fields) -> Iterator[Element]:
    yield from every(found, "enclosure")
    yield from (link for link in every(found, "link", "atom:link") if attribute(link, "rel") == "enclosure")
    yield from _media(found, "media:")
    for group in every(found, "media:group"):
        yield from _media(fields(group), "")


def _media(found: Fields, prefix: str) -> Iterator[Element]:
    for content in every(found, f"{prefix}content"):
        yield content
        yield from every(fields(content), "thumbnail")
    yield from every(found, f"{prefix}thumbnail")


def _enclosure(element: Element, url: str) -> Enclosure | None:
    file = address(element, attribute(element, "url", "href"), url)
    if file is None:
        return None
    length = attribute(element, "length", "fileSize")
    return Enclosure(
        url=file,
        type=attribute(element, "type"),
        length=size(length),
        title=plain(first(fields(element), "title")) or attribute(element, "title"),
    )


def size(written: str | None) -> int | None:
    """Return a number of bytes, or None where it isn't one or says nothing."""
    digits = written or ""
    return int(digits) or None if digits.isdecimal() and len(digits) < 16 else None
