"""What a page says of its article outside the text: headline, people, dates, section, keywords, address.

One walk gathers all that is said (`said.py`); each fact is then taken from the first place that says it, in
a stated order, and with it goes where it was read and how sure that is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dibao.dates import Doubt
from dibao.extract import jsonld
from dibao.extract.address import canonical
from dibao.extract.bylines import signed
from dibao.extract.heads import dek_of, kicker_of, title_of
from dibao.extract.pagedates import Reader, modified, published
from dibao.extract.said import Said, gather
from dibao.extract.topics import keywords, keywords_of, section
from dibao.extract.tree import Tree, attribute
from dibao.model import Origin
from dibao.urls import absolute, host

__all__ = ["Meta", "keywords", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What is said of an article beside its text."""

    title: str | None = None
    kicker: str | None = None
    dek: str | None = None
    authors: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()  # agencies and desks that sign beside or instead of people
    byline: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    canonical_url: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    published_doubt: Doubt | None = None
    modified_at: datetime | None = None
    language: str | None = None  # as declared
    images: tuple[str, ...] = ()
    is_article: bool = False  # the page says that it is one
    body: str | None = None  # its text, as JSON-LD gives it
    origins: tuple[Origin, ...] = ()
    players: frozenset[str] = frozenset()  # tags of what may be one


def read(
    tree: Tree,
    *,
    url: str,
    outlet: str | None,
    language: str | None,
    timezone: str | None,
    seen_at: datetime | None = None,
) -> Meta:
    """Return what the page says of its article; the tree must still be whole.

    ``seen_at`` is when it was captured: what is said to be published later is doubted.
    """
    said = gather(tree)
    declared = _declared_language(said) or language
    outlets = _outlets(said, url, outlet)
    title = title_of(said, outlets)
    who = signed(said, outlets, title.place)
    about = section(said, url, title.text, outlets)
    words = keywords_of(said, outlets, about[0], title.place)
    address = canonical(said, url)
    meta = Meta(
        title=title.text,
        kicker=kicker_of(said, title),
        dek=dek_of(said, title),
        authors=who.people,
        outlets=who.outlets,
        byline=who.byline,
        section=about[0],
        keywords=words[0],
        canonical_url=address[0],
        language=declared,
        images=_images(said, url),
        is_article=bool(said.thing) or "article" in (said.first("og:type") or "").lower(),
        body=jsonld.first(said.thing.get("articleBody")),
        players=frozenset(said.players),
        origins=_origins(
            title=title.fact, authors=who.fact, section=about, keywords=words, canonical_url=address
        ),
    )
    return _dated(meta, said, Reader(url, declared, timezone, seen_at), title.place)


def _dated(meta: Meta, said: Said, reader: Reader, anchor: int | None) -> Meta:
    """Return what is said with the days on which it was published and changed."""
    date = published(said, reader, anchor)
    changed = modified(said, reader, None if date.doubt else date.at)
    return replace(
        meta,
        published_at=None if date.doubt else date.at,
        published_raw=date.raw,
        published_doubt=date.doubt,
        modified_at=changed.at,
        origins=(*meta.origins, *_origins(published_at=date.fact, modified_at=changed.fact)),
    )


def _origins(**facts: tuple[object, str, float]) -> tuple[Origin, ...]:
    """Return where each fact that is known was read, and how sure that is."""
    return tuple(
        Origin(field=name, source=source, confidence=round(confidence, 2))
        for name, (value, source, confidence) in facts.items()
        if value and source
    )


def _declared_language(said: Said) -> str | None:
    on_root = (
        (attribute(said.root, "lang") or attribute(said.root, "xml:lang")) if said.root is not None else ""
    )
    return (
        on_root or jsonld.first(said.thing.get("inLanguage")) or said.first("og:locale", "content-language")
    )


def _outlets(said: Said, url: str, outlet: str | None) -> list[str | None]:
    name = host(url).removeprefix("www.").partition(":")[0]
    labels = [label for label in name.split(".")[:-1] if len(label) > 3]
    publisher = jsonld.texts(said.thing.get("publisher")) + jsonld.texts(said.thing.get("sourceOrganization"))
    given = re.sub(r"^[（(][^（）()]*[）)]\s*", "", outlet or "")  # "(臺)中央社CNA"
    named = [
        each
        for key in ("og:site_name", "application-name", "apple-mobile-web-app-title")
        for each in said.meta.get(key, ())
    ]
    return [outlet, given, *named, *publisher, name, *labels]


def _images(said: Said, url: str) -> tuple[str, ...]:
    given = [
        said.first("og:image:secure_url"),
        said.first("og:image"),
        said.first("twitter:image"),
        *_pictured(said.thing.get("image")),
    ]
    return tuple(dict.fromkeys(link for image in given if (link := absolute(url, image))))


def _pictured(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _pictured(item)
    elif isinstance(value, dict):
        yield from _pictured(value.get("url") or value.get("contentUrl"))
