"""What feeds say of an article: made once, and written alike by every format.

All text is fit for XML and JSON, and on one line but for the HTML; times are whole seconds of UTC.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from dibao import urls
from dibao.model import Enclosure, Kept, Media, Revision
from dibao.publish import facts
from dibao.publish.words import words
from dibao.text import printable, squeeze

_UNSPOKEN = re.compile("[\x80-\x9f]")  # control characters that XML allows and that readers take for Windows'
_PLAYED = re.compile(
    r"\.(?:mp3|m4a|aac|og[gav]|opus|wav|flac|mp4|m4v|webm|mov|avi)$", re.I
)  # files of sound and film
_SHOWN = re.compile(r"(<img [^>]*?src=\")([^\"]+)\"")  # in clean HTML, which quotes so

Copy = Callable[[str], Enclosure | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article as a feed carries it."""

    id: str  # never changes
    title: str
    page: str  # path of our page of it, from the root of the site
    via: str | None  # where it stands at its source
    published: datetime
    updated: datetime
    authors: tuple[str, ...]  # people
    categories: tuple[str, ...]
    language: str  # BCP 47; empty when nobody said
    summary: str
    html: str
    files: tuple[Enclosure, ...]  # the lead picture first
    outlet: str
    feed: str | None  # address of the outlet's own feed
    rights: str | None


def not_kept(url: str) -> None:
    """Say of every picture that no copy of it is kept."""


def item(kept: Kept, base: str = "", copy: Copy = not_kept) -> Item:
    """Return an article as it stands now, or as it last stood.

    `copy` gives the copy of a picture that the site has: its path there, type, length and size; where `base`
    does not say where the site stands, pictures are named at their source, and it gives what they are there.
    """
    now = facts.standing(kept)

    def ours(url: str) -> Enclosure | None:
        found = copy(url)
        return replace(found, url=base + quote(found.url) if base else url) if found else None

    return Item(
        id=f"urn:dibao:{kept.key}",
        title=_line(facts.title(now)) or words(facts.language(now))["untitled"],
        page=f"a/{kept.key}.html",
        via=facts.address(now),
        published=_seconds(facts.appeared(kept)),
        updated=_seconds(kept.latest.seen_at),
        authors=_each(facts.authors(now)),
        categories=_each((*facts.sections(now), *facts.keywords(now))),
        language=facts.language(now),
        summary=_line(facts.summary(now)),
        html=_html(kept, now, ours),
        files=_once(_files(now, ours)),
        outlet=_line(now.source.name),
        feed=urls.without_userinfo(now.source.url) if urls.parse(now.source.url) else None,
        rights=_line((now.entry and now.entry.rights) or now.source.rights or "") or None,
    )


def _once(files: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    """Return each file once, in the order they are first named: the lead picture is the first."""
    named: dict[str, Enclosure] = {}
    for file in files:
        named.setdefault(file.url, file)
    return tuple(named.values())


def _seconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _each(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_line, said))))


def _line(said: str) -> str:
    return squeeze(_UNSPOKEN.sub("", facts.one_line(said)))


# --- the text -----------------------------------------------------------------------------------


def _html(kept: Kept, now: Revision, ours: Copy) -> str:
    """Return what a reader must know first, the picture, and the text."""
    language, lead, gone = facts.language(now), facts.lead(now), facts.gone_since(kept)
    say = words(language)
    notice = say["gone"].format(when=gone.date().isoformat()) if gone else say["partial"] if now.why else ""
    notice = notice or (say[f"brought_{now.article.brought}"] if now.article.brought else "")
    picture = f"<p><img src={quoteattr(lead.url)} alt={quoteattr(lead.caption or '')}></p>" if lead else ""
    html = (f"<p><em>{escape(notice)}</em></p>" if notice else "") + picture + now.article.html
    html = _UNSPOKEN.sub("", printable(_SHOWN.sub(lambda found: _shown(found, ours), html)))
    html = html.replace("\r\n", "\n").replace("\r", "\n")  # as every reader of XML would
    return html if html.strip() else ""


def _shown(image: re.Match[str], ours: Copy) -> str:
    copy = ours(unescape(image[2]))
    return f'{image[1]}{escape(copy.url, {chr(34): "&quot;"})}"' if copy else image[0]


# --- the files ----------------------------------------------------------------------------------


def _files(now: Revision, ours: Copy) -> Iterator[Enclosure]:
    """Yield the lead picture, what else the feed announced, and sound and film of the page."""
    media = [_of_media(each) for each in now.article.media if _is_file(each)]
    announced = [_tidy(each) for each in (now.entry.enclosures if now.entry else ()) if urls.parse(each.url)]
    lead = next(filter(is_picture, media), None)
    if lead:  # feeds offer one picture in many sizes: that of the page stands for all
        yield _as_ours(lead, ours)
    yield from (_as_ours(file, ours) for file in announced if not (lead and is_picture(file)))
    yield from (file for file in media if not is_picture(file))


def _is_file(media: Media) -> bool:
    """Say whether a picture, sound or film is a file itself, and not a page of another site that plays it."""
    parts = urls.parse(media.url)
    return parts is not None and (media.kind == "image" or bool(_PLAYED.search(parts.path)))


def is_picture(file: Enclosure) -> bool:
    """Say whether a file says that it is a picture."""
    return medium(file) == "image"


def medium(file: Enclosure) -> str | None:
    """Return what a file says that it is, in the words of Media RSS, or None."""
    said = file.medium or (file.type or "").partition("/")[0]
    return said if said in ("image", "audio", "video", "document", "executable") else None


def _as_ours(file: Enclosure, ours: Copy) -> Enclosure:
    copy = ours(file.url)
    if copy is None:
        return file
    width, height = (copy.width, copy.height) if copy.width else (file.width, file.height)
    return replace(file, url=copy.url, type=copy.type, length=copy.length, width=width, height=height)


def _of_media(media: Media) -> Enclosure:
    return _tidy(
        Enclosure(
            url=media.url,
            medium=media.kind,
            title=media.caption,
            credit=media.credit,
            width=media.width,
            height=media.height,
        )
    )


def _tidy(file: Enclosure) -> Enclosure:
    """Return the file with nothing said in characters that XML can't hold."""

    def tidy(said: str | None) -> str | None:
        return _line(said or "") or None

    return replace(
        file,
        type=tidy(file.type),
        title=tidy(file.title),
        medium=tidy(file.medium),
        credit=tidy(file.credit),
        duration=tidy(file.duration),
    )
