"""Files that an entry carries: RSS enclosures, Atom enclosure links, Media RSS and podcasts' pictures.

Media RSS: https://www.rssboard.org/media-rss
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from dibao.feeds.draft import draft_of
from dibao.feeds.elements import Element, Fields, Setting, address, every, fields, first, text
from dibao.feeds.plain import plain, tidy
from dibao.model import Enclosure

_PICTURES = ("media:thumbnail", "image", "itunes:image", "googleplay:image")
_draft = draft_of(Enclosure)
_FACTS = tuple(Enclosure.__dataclass_fields__)
_MEDIA = frozenset(("media:group", "media:content", *_PICTURES))


def enclosures(found: Fields, setting: Setting) -> tuple[Enclosure, ...]:
    """Return every file of an entry once, in the order of the feed."""
    carriers = every(found, "enclosure") if "enclosure" in found else []
    if "link" in found or "atom:link" in found:
        carriers += [link for link in every(found, "link", "atom:link") if link.get("rel") == "enclosure"]
    files = [_file(carrier, None, setting, None) for carrier in carriers] if carriers else []
    if not _MEDIA.isdisjoint(found):
        files += _media(found, setting)
    if not files:
        return ()
    told: dict[str, Enclosure] = {}
    for file in filter(None, files):
        told[file.url] = _joined(told[file.url], file) if file.url in told else file
    length = tidy(first(found, "itunes:duration")) if "itunes:duration" in found else None
    if length:
        told = {url: replace(file, duration=length) if _plays(file) else file for url, file in told.items()}
    return tuple(told.values())


def _joined(first: Enclosure, second: Enclosure) -> Enclosure:
    """Return a file that is mentioned twice, with what either mention says of it."""
    further = ((name, getattr(second, name)) for name in _FACTS if getattr(first, name) is None)
    return replace(first, **{name: value for name, value in further if value is not None})


def _plays(file: Enclosure) -> bool:
    return (file.type or "").startswith(("audio/", "video/"))


def _media(found: Fields, setting: Setting) -> list[Enclosure | None]:
    credit = first(found, "media:credit") if "media:credit" in found else None
    files = _contents(every(found, "media:content"), setting, credit)
    if "media:group" in found:
        for group in map(fields, every(found, "media:group")):
            files += _contents(every(group, "content"), setting, first(group, "credit") or credit)
            files += _pictures(every(group, "thumbnail"), setting, credit)
    return files + _pictures(every(found, *_PICTURES), setting, credit)


def _contents(contents: Iterable[Element], setting: Setting, credit: str | None) -> list[Enclosure | None]:
    files = []
    for content in contents:
        inner = fields(content) if len(content) else None
        files.append(_file(content, inner, setting, (first(inner, "credit") if inner else None) or credit))
        files += _pictures(every(inner, "thumbnail"), setting, credit) if inner else []
    return files


def _pictures(pictures: Iterable[Element], setting: Setting, credit: str | None) -> list[Enclosure | None]:
    return [_file(picture, None, setting, credit, medium="image") for picture in pictures]


def _file(
    element: Element, inner: Fields | None, setting: Setting, credit: str | None, medium: str | None = None
) -> Enclosure | None:
    attributes: Any = element.items()  # all at once: each by itself takes as long
    said = {name: value.strip() for name, value in attributes}.get
    written = said("url") or said("href")
    if not written:  # some write it as an element, or as text
        written = first(fields(element), "url") if len(element) else text(element)
    url = address(element, written, setting)
    if url is None:
        return None
    title = plain(first(inner, "title", "description", "text")) if inner else None
    file = _draft()
    file.url = url
    file.type = said("type") or None
    file.length = size(said("length") or said("fileSize"))
    file.title = title or said("title") or None
    file.medium = medium or said("medium") or None
    file.credit = plain(credit) if credit else None
    file.width = size(said("width"))
    file.height = size(said("height"))
    file.duration = said("duration") or None
    return cast(Enclosure, file.sealed())


def size(written: str | None) -> int | None:
    """Return a number of bytes or pixels, or None where it isn't one or says nothing."""
    if not written:
        return None
    digits = written.strip()
    return int(digits) or None if digits.isdecimal() and len(digits) < 16 else None
