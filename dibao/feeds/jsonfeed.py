"""JSON Feed 1.0 and 1.1 -> Feed.

https://www.jsonfeed.org/version/1.1/
"""

import json
from datetime import datetime
from html import escape
from typing import Any

from dibao.dates import parse_date
from dibao.errors import FeedError
from dibao.feeds.elements import zone_of
from dibao.feeds.media import size
from dibao.feeds.plain import person, plain, tidy, unique
from dibao.model import Enclosure, Entry, Feed
from dibao.text import printable
from dibao.urls import absolute

_LONGEST_NUMBER = 18  # digits: what is longer stays text, since it can only be an id


def read_json(text: str, url: str, most: int) -> Feed:
    """Return the feed of a JSON document, with at most so many entries.

    Raises FeedError for anything else, however deeply nested.
    """
    try:
        decoder = json.JSONDecoder(parse_int=_number, parse_constant=lambda name: None)
        document, end = decoder.raw_decode(text.lstrip())
        if not isinstance(document, dict) or not isinstance(document.get("items"), list):
            raise FeedError(url, "JSON, but not a JSON Feed")
        return _feed(document, url, most, trailing=bool(text.lstrip()[end:].strip()))
    except RecursionError as error:
        raise FeedError(url, "JSON nested too deeply to be a feed") from error
    except ValueError as error:
        raise FeedError(url, f"broken JSON: {error}") from error


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _feed(document: dict[str, Any], url: str, most: int, *, trailing: bool) -> Feed:
    version = _text(document.get("version")) or ""
    language = tidy(_text(document.get("language")))
    items = [item for item in document["items"] if isinstance(item, dict)]
    lost = len(document["items"]) - len(items)
    notes = (
        *(("text after the feed left out",) if trailing else ()),
        *((f"{lost} entries could not be read",) if lost else ()),
    )
    return Feed(
        format="json" + version.rpartition("/")[2] if "jsonfeed.org" in version else "json",
        title=tidy(_text(document.get("title"))),
        link=absolute(url, _text(document.get("home_page_url"))),
        language=language,
        entries=tuple(_entry(item, url, language) for item in items[:most]),
        hub=next(
            (hub for hub in (absolute(url, _text(h.get("url"))) for h in _objects(document, "hubs")) if hub),
            None,
        ),
        notes=notes,
    )


def _entry(item: dict[str, Any], url: str, spoken: str | None) -> Entry:
    own = tidy(_text(item.get("language")))
    published, published_raw = _when(item.get("date_published"), own or spoken)
    updated, updated_raw = _when(item.get("date_modified"), own or spoken)
    content, summary = _bodies(item)
    return Entry(
        guid=tidy(_text(item.get("id"))),
        link=absolute(url, _text(item.get("url"))) or absolute(url, _text(item.get("external_url"))),
        title=plain(_text(item.get("title"))),
        published=published,
        published_raw=published_raw,
        updated=updated,
        updated_raw=updated_raw,
        authors=unique(person(_text(author.get("name"))) for author in _authors(item)),
        categories=unique(tidy(_text(tag)) for tag in _list(item, "tags")),
        content=content,
        summary=summary,
        language=own,
        enclosures=_enclosures(item, url),
        raw=printable(json.dumps(item, ensure_ascii=False)),
    )


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


def _authors(item: dict[str, Any]) -> list[dict[str, Any]]:
    old = item.get("author")  # version 1.0 has one
    return _objects(item, "authors") or ([old] if isinstance(old, dict) else [])


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
        if (file := absolute(url, _text(part.get("url"))))
    ]
    pictures = (absolute(url, _text(item.get(name))) for name in ("image", "banner_image"))
    files += [Enclosure(url=picture) for picture in pictures if picture]
    return tuple({file.url: file for file in reversed(files)}.values())[::-1]
