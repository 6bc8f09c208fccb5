"""What a page's JSON-LD says of its pictures and films: captions, and the film that no player shows."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from dibao.extract.captions import LONGEST
from dibao.extract.media import named
from dibao.extract.players import player
from dibao.extract.tree import Tree
from dibao.model import Media
from dibao.text import squeeze
from dibao.urls import absolute

_FILM_FILE = re.compile(r"\.(?:mp4|m4v|webm|mov)(?:[?#]|$)", re.I)
_DEEPEST = 12
_MOST_FILMS = 1  # more are a list beside the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What is said of pictures and films out of sight."""

    captions: Mapping[str, str] = field(default_factory=dict)  # by what `media.named` makes of the address
    films: tuple[Media, ...] = ()
    posters: tuple[str, ...] = ()  # of the films


def stated(tree: Tree, url: str) -> Stated:
    """Return the captions and the film that JSON-LD states; scripts must still be in the tree."""
    captions: dict[str, str] = {}
    films: dict[str, dict[str, Any]] = {}
    for script in tree.css('script[type*="ld+json"]'):
        text = script.text() or ""
        if '"caption"' in text or "VideoObject" in text:
            for thing in _things(_load(text)):
                captions.update(_caption(thing, url))
                films.update(_film(thing, url))
    if len(films) > _MOST_FILMS:
        return Stated(captions=captions)
    made = tuple(
        Media(url=link, kind="video", caption=_words(thing, "name")) for link, thing in films.items()
    )
    posters = (link for thing in films.values() for link in _links(thing, ("thumbnailUrl", "thumbnail"), url))
    return Stated(captions=captions, films=made, posters=tuple(posters))


def _load(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _things(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield every object, but those that only list other pages."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict) and "itemListElement" not in value:
        yield value
        for item in value.values():
            if isinstance(item, (dict, list)):
                yield from _things(item, depth + 1)


def _is_a(thing: dict[str, Any], kind: str) -> bool:
    return kind in (thing.get("@type"), *(thing["@type"] if isinstance(thing.get("@type"), list) else ()))


def _caption(thing: dict[str, Any], url: str) -> dict[str, str]:
    words = _words(thing, "caption")
    if not words or not _is_a(thing, "ImageObject"):
        return {}
    return {named(link): words for link in _links(thing, ("url", "contentUrl"), url)}


def _film(thing: dict[str, Any], url: str) -> dict[str, dict[str, Any]]:
    if not _is_a(thing, "VideoObject"):
        return {}
    known = next(filter(None, map(player, _links(thing, ("embedUrl", "contentUrl", "url"), url))), None)
    files = [link for link in _links(thing, ("contentUrl", "embedUrl"), url) if _FILM_FILE.search(link)]
    return dict.fromkeys([known.link] if known else files[:1], thing)


def _words(thing: dict[str, Any], name: str) -> str | None:
    said = thing.get(name)
    words = squeeze(unescape(said)) if isinstance(said, str) else ""
    return words if 2 <= len(words) <= LONGEST else None


def _links(thing: dict[str, Any], names: tuple[str, ...], url: str) -> list[str]:
    found = []
    for name in names:
        said = thing.get(name)
        for each in said if isinstance(said, list) else [said]:
            address = each.get("url") or each.get("contentUrl") if isinstance(each, dict) else each
            link = absolute(url, address) if isinstance(address, str) else None
            found += [link] if link else []
    return found
