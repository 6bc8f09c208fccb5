"""Feeds of kept articles, with their whole text: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

A channel is a current document with the latest articles and, where it is known at what address it will
stand, archive documents with all the others (RFC 5005 §4); see `volumes` for which stands where.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from dibao.model import Enclosure
from dibao.ports import Page
from dibao.publish.items import Item, is_picture, medium
from dibao.text import digest, printable

ATOM_SPACE = "http://www.w3.org/2005/Atom"
MEDIA_SPACE = "http://search.yahoo.com/mrss/"
HISTORY_SPACE = "http://purl.org/syndication/history/1.0"
CONTENT_SPACE = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
JSON_VERSION = "https://jsonfeed.org/version/1.1"

_GENERATOR, _MAKER = "dibao", "https://github.com/dibao/dibao"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKUP = re.compile(r"</?[a-z!]|&#?\w+;", re.I)


@dataclass(frozen=True, slots=True)
class Format:
    """Where a format's documents stand, and what they are served as."""

    stem: str
    ending: str
    type: str


ATOM = Format("feed", "xml", "application/atom+xml")
RSS = Format("rss", "xml", "application/rss+xml")
JSON = Format("feed", "json", "application/feed+json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself, whatever its format."""

    title: str
    language: str
    subtitle: str = ""
    base: str = ""  # where the site stands, with a slash at its end; empty: not known, and links are relative
    home: str = ""  # path of the page that lists the same articles; empty: the front page
    folder: str = ""  # of its documents, with a slash at its end
    icon: str = ""  # path of a picture
    hub: str = ""  # WebSub

    @property
    def id(self) -> str:
        """Return what names the channel for ever."""
        place = f"{self.base}{quote(self.home)}" if self.base else ""
        return place or f"urn:dibao:feed:{digest(self.folder + self.title)}"

    def path(self, form: Format, number: int | None = None) -> str:
        """Return the path of the current document, or of an archive document."""
        return f"{self.folder}{form.stem}{f'/{number}' if number else ''}.{form.ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a channel: the current one, or a numbered archive document."""

    channel: Channel
    items: Sequence[Item]  # newest first
    number: int | None = None  # None: the current one
    last: int = 0  # number of the newest archive document; 0: there is none

    @property
    def updated(self) -> datetime | None:
        """Return when the last of its articles changed, or None when it has none."""
        return max((item.updated for item in self.items), default=None)

    @property
    def older(self) -> int:
        """Return the number of the archive document before this one, or 0."""
        return self.last if self.number is None else self.number - 1

    @property
    def newer(self) -> int:
        """Return the number of the archive document after this one, or 0."""
        return self.number + 1 if self.number and self.number < self.last else 0

    def path(self, form: Format) -> str:
        """Return its path in a format."""
        return self.channel.path(form, self.number)

    def to(self, form: Format, page: str) -> str:
        """Return the link from it to a page; relative where it is not known where the site stands."""
        return (self.channel.base or "../" * self.path(form).count("/")) + quote(page)

    def home(self, form: Format) -> str:
        """Return the link to the page that lists the same articles."""
        front = "" if self.channel.base else "index.html"
        return self.to(form, self.channel.home or front)

    def links(self, form: Format) -> Iterator[tuple[str, str | None, str]]:
        """Yield relation, type and address of what it names beside articles; none without a base URL."""
        channel = self.channel
        if not channel.base:
            return
        yield "self", form.type, self.to(form, self.path(form))
        if self.number:
            yield "current", form.type, self.to(form, channel.path(form))
        elif channel.hub:
            yield "hub", None, channel.hub
        if self.older:
            yield "prev-archive", form.type, self.to(form, channel.path(form, self.older))
        if self.newer:
            yield "next-archive", form.type, self.to(form, channel.path(form, self.newer))

    def icon(self) -> str:
        """Return the address of the channel's picture; empty where there is none or it is not known."""
        channel = self.channel
        return channel.base + quote(channel.icon) if channel.base and channel.icon else ""


# --- Atom -----------------------------------------------------------------------------------------


def atom(document: Document) -> Page:
    """Return a document as Atom."""
    channel = document.channel
    parts = (
        _text("title", channel.title, type="text"),
        *_if(_text("subtitle", channel.subtitle, type="text"), channel.subtitle),
        _text("id", channel.id),
        _text("updated", _iso(document.updated or _EPOCH)),
        _element("author", _text("name", channel.title)),
        _text("generator", _GENERATOR, uri=_MAKER),
        *_if(_text("icon", document.icon()), document.icon()),
        _link("link", "alternate", "text/html", document.home(ATOM)),
        *(_link("link", *link) for link in document.links(ATOM)),
        *_if(_element("fh:archive"), document.number),
        *(
            _element("entry", *_entry(item, document.to(ATOM, item.page)), xml__lang=item.language)
            for item in document.items
        ),
    )
    spaces = {"xmlns": ATOM_SPACE, "xmlns__fh": HISTORY_SPACE, "xmlns__media": MEDIA_SPACE}
    return _xml(document.path(ATOM), _element("feed", *parts, **spaces, xml__lang=channel.language))


def _entry(item: Item, link: str) -> Iterator[str]:
    yield _text("title", item.title, type="text")
    yield _text("id", item.id)
    yield _text("published", _iso(item.published))
    yield _text("updated", _iso(item.updated))
    yield _link("link", "alternate", "text/html", link)
    yield from _if(_link("link", "via", None, item.via or ""), item.via)
    yield from (_element("author", _text("name", name)) for name in item.authors)
    yield from (_element("category", term=word) for word in item.categories)
    yield from _if(_text("rights", item.rights or "", type="text"), item.rights)
    yield _element("source", *_source(item))
    yield _text("content", item.html, type="html")
    for file in item.files:
        length = str(file.length) if file.length else None
        yield _element(
            "link", rel="enclosure", href=file.url, type=file.type, length=length, title=file.title
        )
        yield _media(file)
    # After the files: feedparser takes what is said of these for a summary, and the last one counts.
    yield from _if(_text("summary", item.summary, type="text"), item.summary)


def _source(item: Item) -> Iterator[str]:
    """Yield the outlet; its author is also the entry's where that names nobody (RFC 4287 §4.2.1)."""
    yield _text("title", item.outlet, type="text")
    yield _text("id", item.feed or f"urn:dibao:source:{digest(item.outlet)}")
    yield _text("updated", _iso(item.updated))
    yield from _if(_link("link", "self", None, item.feed or ""), item.feed)
    yield _element("author", _text("name", item.outlet))


# --- RSS ------------------------------------------------------------------------------------------


def rss(document: Document) -> Page:
    """Return a document as RSS 2.0 with the modules that readers know: Dublin Core, content, media, Atom."""
    channel, updated = document.channel, document.updated
    parts = (
        _text("title", _as_html(channel.title)),
        _text("link", document.home(RSS)),
        _text("description", _as_html(channel.subtitle)),
        _text("language", channel.language),
        *_if(_text("lastBuildDate", _mail(updated or _EPOCH)), updated),
        _text("generator", _GENERATOR),
        *(_link("atom:link", *link) for link in document.links(RSS)),
        *_if(_element("fh:archive"), document.number),
        *(_element("item", *_item(item, document.to(RSS, item.page))) for item in document.items),
    )
    spaces = {
        "xmlns__atom": ATOM_SPACE,
        "xmlns__content": CONTENT_SPACE,
        "xmlns__dc": DUBLIN_CORE,
        "xmlns__fh": HISTORY_SPACE,
        "xmlns__media": MEDIA_SPACE,
    }
    return _xml(document.path(RSS), _element("rss", _element("channel", *parts), version="2.0", **spaces))


def _item(item: Item, link: str) -> Iterator[str]:
    yield _text("title", _as_html(item.title))
    yield _text("link", link)
    yield _text("guid", item.id, isPermaLink="false")
    yield _text("pubDate", _mail(item.published))
    yield _text("atom:updated", _iso(item.updated))
    yield from _if(_link("atom:link", "via", None, item.via or ""), item.via)
    yield from (_text("dc:creator", name) for name in item.authors)
    yield from (_text("category", word) for word in item.categories)
    yield from _if(_text("dc:language", item.language), item.language)
    yield from _if(_text("dc:rights", item.rights or ""), item.rights)
    yield from _if(_text("source", item.outlet, url=item.feed), item.feed)  # RSS wants an address there
    yield _element("content:encoded", f"<![CDATA[{item.html.replace(']]>', ']]]]><![CDATA[>')}]]>")
    yield from (_enclosure(file) for file in _enclosed(item))
    yield from map(_media, item.files)
    yield from _if(_text("description", escape(item.summary)), item.summary)  # last, as in Atom


def _enclosed(item: Item) -> Sequence[Enclosure]:
    """Return the one file that an item encloses, rather sound than a picture: readers look for no second."""
    typed = [file for file in item.files if file.type]
    return sorted(typed, key=is_picture)[:1]


def _enclosure(file: Enclosure) -> str:
    # RSS asks for a length; 0 is what readers take for unknown.
    return _element("enclosure", url=file.url, length=str(file.length or 0), type=file.type)


def _as_html(title: str) -> str:
    """Return a title as it stands in RSS: text, but HTML where readers would find markup in the text."""
    return escape(title) if _MARKUP.search(title) else title


# --- JSON Feed ------------------------------------------------------------------------------------


def json_feed(document: Document) -> Page:
    """Return a document as JSON Feed 1.1; its next page is the archive document before it."""
    channel = document.channel
    found = {relation: link for relation, _, link in document.links(JSON)}
    hub = found.get("hub")
    said = {
        "version": JSON_VERSION,
        "title": channel.title,
        "home_page_url": document.home(JSON),
        "feed_url": found.get("self"),
        "description": channel.subtitle,
        "next_url": found.get("prev-archive"),
        "icon": document.icon(),
        "language": channel.language,
        "hubs": [{"type": "WebSub", "url": hub}] if hub else [],
        "_dibao": {"about": _MAKER},
    }
    items = [_object(item, document.to(JSON, item.page)) for item in document.items]
    whole = {**_filled(said), "items": items}
    return Page(path=document.path(JSON), body=json.dumps(whole, ensure_ascii=False, indent=1).encode())


def _object(item: Item, link: str) -> dict[str, Any]:
    pictures = [file.url for file in item.files if is_picture(file)]
    said = {
        "id": item.id,
        "url": link,
        "external_url": item.via,
        "title": item.title,
        "summary": item.summary,
        "image": next(iter(pictures), None),
        "date_published": _iso(item.published),
        "date_modified": _iso(item.updated),
        "authors": [{"name": name} for name in item.authors],
        "tags": item.categories,
        "language": item.language,
        "attachments": [_attachment(file) for file in item.files if file.type],  # which JSON Feed asks for
        "_dibao": _filled({"outlet": item.outlet, "feed": item.feed, "rights": item.rights}),
    }
    return {**_filled(said), "content_html": item.html}


def _attachment(file: Enclosure) -> dict[str, Any]:
    said = {
        "url": file.url,
        "mime_type": file.type,
        "title": file.title,
        "size_in_bytes": file.length,
        "duration_in_seconds": _seconds(file.duration),
    }
    return _filled(said)


def _seconds(duration: str | None) -> int | None:
    """Return the seconds of "h:mm:ss", "mm:ss" or a number, or None."""
    parts = (duration or "").split(":")
    if len(parts) > 3 or not all(part.isdecimal() and len(part) < 8 for part in parts):
        return None
    hours, minutes, seconds = ("0", "0", *parts)[-3:]
    return (int(hours) * 60 + int(minutes)) * 60 + int(seconds)


def _filled(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}


def every_format(document: Document) -> Iterator[Page]:
    """Yield a document in every format."""
    return (write(document) for write in (atom, rss, json_feed))


# --- XML ------------------------------------------------------------------------------------------


def _media(file: Enclosure) -> str:
    """Return a file with all that is known of it, for readers that know Media RSS."""
    seconds = _seconds(file.duration)
    numbers = {"fileSize": file.length, "width": file.width, "height": file.height, "duration": seconds}
    return _element(
        "media:content",
        *_if(_text("media:description", file.title or "", type="plain"), file.title),
        *_if(_text("media:credit", file.credit or ""), file.credit),
        url=file.url,
        type=file.type,
        medium=medium(file),
        **{name: str(number) for name, number in numbers.items() if number},
    )


def _xml(path: str, root: str) -> Page:
    return Page(path=path, body=printable(f'<?xml version="1.0" encoding="utf-8"?>\n{root}\n').encode())


def _link(name: str, relation: str, type: str | None, address: str) -> str:
    return _element(name, rel=relation, type=type, href=address)


def _text(name: str, words: str, /, **attributes: str | None) -> str:
    return _element(name, escape(words), **attributes)


def _element(name: str, /, *parts: str, **attributes: str | None) -> str:
    """Return an element with parts that are markup; attributes that are None are left out."""
    said = {key.replace("__", ":"): value for key, value in attributes.items() if value is not None}
    opening = " ".join((name, *(f"{key}={quoteattr(value)}" for key, value in said.items())))
    inner = "\n".join(("", *parts, "")) if len(parts) > 1 else "".join(parts)
    return f"<{opening}>{inner}</{name}>" if inner else f"<{opening}/>"


def _if(line: str, wanted: object) -> tuple[str, ...]:
    return (line,) if wanted else ()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _mail(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
