"""JSON Feed 1.0 and 1.1 -> Feed.

https://www.jsonfeed.org/version/1.1/
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from itertools import islice
from typing import Any

from dibao.charset import Text
from dibao.dates import parse_date
from dibao.errors import FeedError
from dibao.feeds.media import size
from dibao.feeds.plain import referred, signed, tidy, unique
from dibao.feeds.zones import zone_of
from dibao.model import Enclosure, Entry, Feed
from dibao.text import printable
from dibao.urls import absolute

_HUGE = 4 * 1024 * 1024  # characters; what is larger is read entry by entry
_LONGEST_NUMBER = 18  # digits: what is longer stays text, since it can only be an id


def read_json(read: Text, url: str, most: int) -> Feed:
    """Return the feed of a JSON document, with at most so many entries.

    Of a document that is cut off, the entries that are whole. Raises FeedError for anything else,
    however deeply nested.
    """
    text = read.utf8.decode("utf-8", "replace").lstrip()
    try:
        document, end = (_streamed(text, most) if len(text) > _HUGE else None) or _DECODER.raw_decode(text)
        notes = ("text after the feed left out",) if text[end:].strip() else ()
    except RecursionError as error:
        raise FeedError(url, "JSON nested too deeply to be a feed") from error
    except ValueError as error:
        document, notes = _salvaged(text, most), ("cut off in the middle",)
        if document is None:
            raise FeedError(url, f"broken JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise FeedError(url, "JSON, but not a JSON Feed")
    return _feed(document, read, url, most, notes)


def _streamed(text: str, most: int) -> tuple[dict[str, Any], int] | None:
    """Return a document with no more entries than wanted, and its length; None where they can't be told."""
    items, begin, end = _items(text, most)
    document = _decoded(text[:begin] + ("]}" if len(items) > most else text[end:])) if items else None
    if not isinstance(document, dict) or document.get("items") != []:
        return None
    return {**document, "items": items}, len(text)


def _salvaged(text: str, most: int) -> dict[str, Any] | None:
    """Return a document that is cut off with the entries that are whole, or None if there are none."""
    items, begin, _ = _items(text, most)
    if not any(isinstance(item, dict) for item in items):
        return None
    return {**(_decoded(text[:begin] + "]}") or {}), "items": items}


def _items(text: str, most: int) -> tuple[list[Any], int, int]:
    """Return the first entries of a document, at most one more than wanted, and where they begin and end."""
    begins = (match.end() for match in islice(_ITEMS.finditer(text), _TRIED))
    position = next((at for at in begins if _decoded(text[:at] + "]}") is not None), len(text))
    items, gap = list[Any](), _GAP.match(text, position)
    try:
        while gap and len(items) <= most:
            item, end = _DECODER.raw_decode(text, gap.end())
            items.append(item)
            gap = _GAP.match(text, end)
    except (ValueError, RecursionError):  # the end of the list, or of the text
        pass
    return items, position, gap.end() if gap else len(text)


def _decoded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


_DECODER = json.JSONDecoder(parse_int=_number, parse_constant=lambda name: None, strict=False)
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_TRIED = 20  # lists called "items", of which those within other values are not the feed's
_GAP = re.compile(r"[\s,]*")


def _feed(document: dict[str, Any], read: Text, url: str, most: int, troubles: tuple[str, ...]) -> Feed:
    version = _text(document.get("version")) or ""
    language = tidy(_text(document.get("language")))
    items = [item for item in document["items"] if isinstance(item, dict)]
    lost = len(document["items"]) - len(items)
    notes = (
        *read.notes,
        *troubles,
        *((f"{lost} entries could not be read",) if lost else ()),
        *((f"only the first {most} entries read",) if len(items) > most else ()),
    )
    hubs = (_link(hub, "url", url) for hub in _objects(document, "hubs"))
    people, outlets = signed(tuple(_names(document)), None)
    return Feed(
        format="json" + version.rpartition("/")[2] if "jsonfeed.org" in version else "json",
        title=tidy(_text(document.get("title"))),
        subtitle=tidy(_text(document.get("description"))),
        link=_link(document, "home_page_url", url),
        language=language,
        entries=tuple(_entry(item, url, language) for item in items[:most]),
        authors=(*people, *outlets),
        image=_link(document, "icon", url) or _link(document, "favicon", url),
        hub=next((hub for hub in hubs if hub), None),
        self_url=_link(document, "feed_url", url),
        next_url=_link(document, "next_url", url),
        charset=read.charset,
        cut="cut off in the middle" in troubles,
        notes=notes,
    )


def _link(item: dict[str, Any], name: str, url: str) -> str | None:
    return absolute(url, _text(item.get(name)))


def _entry(item: dict[str, Any], url: str, spoken: str | None) -> Entry:
    own = tidy(_text(item.get("language")))
    published, published_raw = _when(item.get("date_published"), own or spoken)
    updated, updated_raw = _when(item.get("date_modified"), own or spoken)
    content, summary = _bodies(item)
    authors, outlets = signed(tuple(_names(item)), None)
    return Entry(
        guid=tidy(_text(item.get("id"))),
        link=_link(item, "url", url) or _link(item, "external_url", url),
        title=referred(_text(item.get("title"))),
        published=published,
        published_raw=published_raw,
        updated=updated,
        updated_raw=updated_raw,
        authors=authors,
        outlets=outlets,
        categories=unique(tidy(_text(tag)) for tag in _list(item, "tags")),
        content=content,
        summary=summary,
        language=own,
        enclosures=_enclosures(item, url),
        raw=_raw(item),
    )


def _raw(item: dict[str, Any]) -> str:
    """Return an item as JSON, which escapes control characters; a lone surrogate costs itself.

    Empty where it is nested too deeply to be written again.
    """
    try:
        return json.dumps(item, ensure_ascii=False).encode("utf-8", "replace").decode()
    except RecursionError:
        return ""


def _text(value: object) -> str | None:
    """Return a string without what no text may hold; numbers count as the text they are written in."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return printable(str(value)) or None


def _list(item: dict[str, Any], name: str) -> list[object]:
    value = item.get(name)
    return value if isinstance(value, list) else []


def _objects(item: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [value for value in _list(item, name) if isinstance(value, dict)]


def _names(item: dict[str, Any]) -> Iterator[str]:
    old = item.get("author")  # version 1.0 has one
    authors = _objects(item, "authors") or ([old] if isinstance(old, dict) else [])
    return filter(None, (_text(author.get("name")) for author in authors))


def _when(written: object, language: str | None) -> tuple[datetime | None, str | None]:
    raw = tidy(_text(written))
    return parse_date(raw, language=language, timezone=zone_of(language)), raw


def _bodies(item: dict[str, Any]) -> tuple[str | None, str | None]:
    words, summary = _text(item.get("content_text")), _text(item.get("summary"))
    short = escape(summary, quote=False) if summary else None
    content = _text(item.get("content_html")) or _paragraphs(words) or short
    return content, short if short != content else None


def _paragraphs(words: str | None) -> str | None:
    """Return plain text as HTML: paragraphs are kept, nothing in it becomes markup."""
    if not words or not words.strip():
        return None
    blocks = (
        block for block in escape(words, quote=False).replace("\r\n", "\n").split("\n\n") if block.strip()
    )
    return "".join("<p>{}</p>".format(block.strip("\n").replace("\n", "<br>")) for block in blocks)


def _enclosures(item: dict[str, Any], url: str) -> tuple[Enclosure, ...]:
    files = [
        Enclosure(
            url=file,
            type=tidy(_text(part.get("mime_type"))),
            length=size(_text(part.get("size_in_bytes"))),
            title=tidy(_text(part.get("title"))),
        )
        for part in _objects(item, "attachments")
        if (file := _link(part, "url", url))
    ]
    pictures = (_link(item, name, url) for name in ("image", "banner_image"))
    files += [Enclosure(url=picture, medium="image") for picture in pictures if picture]
    return tuple({file.url: file for file in reversed(files)}.values())[::-1]
