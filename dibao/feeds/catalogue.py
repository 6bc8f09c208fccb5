"""A starter catalogue: outlets and their feeds by name, so that nobody has to hunt for addresses.

It is data, in ``outlets/*.toml``: dated, and honest about what nobody has tried. Addresses grow old; what
is found here is asked before it is subscribed.
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

_SHORT = 3  # Latin letters: a word so short is looked for as a whole
_ONE_OF_TWO = str.maketrans("臺", "台")  # both are right, and people write either


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One feed of an outlet."""

    url: str
    name: str | None = None  # of the section; None: all of the outlet's news
    category: str | None = None
    language: str | None = None  # where it isn't the outlet's
    kind: str = "feed"  # or "sitemap", for outlets that have no feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet as the catalogue has it."""

    key: str
    names: tuple[str, ...]  # its own name first, then in the other script and in English
    home: str
    region: str  # ISO 3166
    timezone: str  # IANA
    language: str  # BCP 47; Chinese with its script
    kind: str  # wire, newspaper, broadcaster, public, online, magazine or official
    categories: tuple[str, ...]
    feeds: tuple[Listed, ...]  # the main one first
    made: date  # when this was written down
    checked: date | None = None  # when its feeds were last seen to answer; None: never
    note: str | None = None

    @property
    def name(self) -> str:
        """Return what it is called where it is at home."""
        return self.names[0]

    def choice(self, feed: Listed) -> str:
        """Return the words by which one of its feeds is added: ``cna`` or ``cna:政治``."""
        which = feed.name or feed.category
        return f"{self.key}:{which}" if which and feed is not self.feeds[0] else self.key

    def feed(self, which: str) -> Listed | None:
        """Return the feed of that section or category; without either the main one; None if there is none."""
        if not which:
            return next(iter(self.feeds), None)
        wanted = _fold(which)
        fitting = (
            feed for feed in self.feeds if wanted in map(_fold, filter(None, (feed.name, feed.category)))
        )
        return next(fitting, None)


@cache
def catalogue() -> tuple[Outlet, ...]:
    """Return every outlet of the catalogue, in its order."""
    lists = sorted((files(__package__) / "outlets").iterdir(), key=lambda entry: entry.name)
    return tuple(outlet for each in lists for outlet in _read(each.read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Outlet]:
    written: dict[str, Any] = tomllib.loads(text)
    for fields in written["outlet"]:
        whole: dict[str, Any] = fields | {
            "names": tuple(fields["names"]),
            "categories": tuple(fields["categories"]),
            "feeds": tuple(Listed(**feed) for feed in fields["feeds"]),
            "checked": fields["checked"] or None,
            "made": written["made"],
        }
        yield Outlet(**whole)


def named(words: str) -> Outlet | None:
    """Return the outlet with exactly this key or name, in either script, or None."""
    wanted = _fold(words)
    by_key = (outlet for outlet in catalogue() if outlet.key == wanted)
    by_name = (outlet for outlet in catalogue() if wanted in map(_fold, outlet.names))
    return next(by_key, None) or next(by_name, None)


def find(words: str) -> tuple[Outlet, ...]:
    """Return the outlets that all of the words fit: names, key, home, region, language, kind or category."""
    exact = named(words)
    found = [each for each in catalogue() if all(_fits(each, word) for word in words.split())]
    return tuple(sorted(found, key=lambda outlet: outlet is not exact)) if words.strip() else ()


def _fits(outlet: Outlet, word: str) -> bool:
    wanted = _fold(word)
    tags = (outlet.key, outlet.region, outlet.language, outlet.kind, *outlet.categories)
    if wanted in map(_fold, tags):
        return True
    if wanted.isascii() and len(wanted) <= _SHORT:
        return any(wanted in map(_fold, name.split()) for name in outlet.names)
    host = urlsplit(outlet.home).hostname or ""
    return wanted in host or any(wanted in _fold(name) for name in outlet.names)


def _fold(text: str) -> str:
    """Return text as it is compared: without case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().translate(_ONE_OF_TWO).split())
