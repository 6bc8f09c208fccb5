"""Files that an entry carries: RSS enclosures, Atom enclosure links, Media RSS and podcasts' pictures.

Media RSS: https://www.rssboard.org/media-rss
"""

from collections.abc import Iterable
from dataclasses import replace

from dibao.feeds.elements import Element, Fields, Setting, address, attribute, every, fields, first, text
from dibao.feeds.plain import plain, tidy
from dibao.model import Enclosure

_PICTURES = ("itunes:image", "googleplay:image")
_MEDIA = frozenset(("media:group", "media:content", "media:thumbnail", "image", *_PICTURES))
_KINDS = frozenset(("enclosure", "link", "atom:link", *_MEDIA))


def enclosures(found: Fields, setting: Setting) -> tuple[Enclosure, ...]:
    """Return every file of an entry once, in the order of the feed."""
    if _KINDS.isdisjoint(found):
        return ()
    files = [_file(element, {}, setting, None) for element in found.get("enclosure", ())]
    links = (link for link in every(found, "link", "atom:link") if link.get("rel") == "enclosure")
    files += [_file(link, {}, setting, None) for link in links]
    if not _MEDIA.isdisjoint(found):
        files += _media(found, setting)
    told = {file.url: file for file in reversed(files) if file}
    length = tidy(first(found, "itunes:duration")) if told and "itunes:duration" in found else None
    if length:
        told = {url: replace(file, duration=length) if _plays(file) else file for url, file in told.items()}
    return tuple(reversed(told.values()))


def _plays(file: Enclosure) -> bool:
    return (file.type or "").startswith(("audio/", "video/"))


def _media(found: Fields, setting: Setting) -> list[Enclosure | None]:
    credit = first(found, "media:credit")
    files = _contents(found.get("media:content", ()), setting, credit)
    for group in found.get("media:group", ()):
        inner = fields(group)
        files += _contents(inner.get("content", ()), setting, first(inner, "credit") or credit)
        files += _pictures(inner.get("thumbnail", ()), setting, credit)
    return files + _pictures(every(found, "media:thumbnail", "image", *_PICTURES), setting, credit)


def _contents(contents: Iterable[Element], setting: Setting, credit: str | None) -> list[Enclosure | None]:
    files = []
    for content in contents:
        inner = fields(content) if len(content) else {}
        files.append(_file(content, inner, setting, first(inner, "credit") or credit))
        files += _pictures(inner.get("thumbnail", ()), setting, credit)
    return files


def _pictures(pictures: Iterable[Element], setting: Setting, credit: str | None) -> list[Enclosure | None]:
    return [_file(picture, {}, setting, credit, medium="image") for picture in pictures]


def _file(
    element: Element, inner: Fields, setting: Setting, credit: str | None, medium: str | None = None
) -> Enclosure | None:
    written = element.get("url") or element.get("href")
    if not written:  # some write it as an element, or as text
        written = first(fields(element), "url") if len(element) else text(element)
    file = address(element, written, setting)
    if file is None:
        return None
    title = plain(first(inner, "title", "description", "text")) if inner else None
    return Enclosure(
        url=file,
        type=attribute(element, "type"),
        length=size(attribute(element, "length", "fileSize", "filesize")),
        title=title or attribute(element, "title"),
        medium=medium or attribute(element, "medium"),
        credit=plain(credit),
        width=size(element.get("width")),
        height=size(element.get("height")),
        duration=attribute(element, "duration"),
    )


def size(written: str | None) -> int | None:
    """Return a number of bytes or pixels, or None where it isn't one or says nothing."""
    if not written:
        return None
    digits = written.strip()
    return int(digits) or None if digits.isdecimal() and len(digits) < 16 else None
