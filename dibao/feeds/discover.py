"""The feeds of a page: those it names, those its address implies, and the places where one may stand."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from typing import Any
from urllib.parse import urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dibao.charset import decode
from dibao.feeds.plain import tidy
from dibao.hazards import objection
from dibao.urls import absolute

Link = tuple[str, str | None]  # address and title

_MOST = 200  # links of one page
_SEARCHED = 2_000_000  # characters of a page that rules look into
_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json"))
_LOOSE = frozenset(("", "text/xml", "application/xml", "application/rdf+xml", "application/json"))
# Addresses that look like a feed's: by their path, their query or their host.
_PATH = re.compile(
    r".*\.(?:rss|atom|rdf)|(?!.*(?:sitemap|opml)).*\.xml|.*/feed\.json"
    r"|.*/(?:rss|feed|atom)(?:\.php|\.aspx?)?/?|.*/(?:rss|rssfeed|feeds?)/.+",
    re.I,
)
_QUERY = re.compile(r"(?:.*&)?(?:feed|format|alt)=(?:rss2?|atom|feed)(?:&.*)?", re.I)
_HOST = re.compile(r"(?:feeds?|rss)\d?\..+", re.I)
_OF_COMMENTS = re.compile(
    r"/comments?(?:/|$)|comments-rss|\bcomments\b|留言|迴響|回響|回應|[評评][論论] ?feed", re.I
)
_WORDS = re.compile(r"\brss\b|\batom\b|\bfeed\b|訂閱|订阅", re.I)
_LONGEST_WORDS = 24  # characters: what is longer is a headline
_CLASS = re.compile(r"(?:^|[\s_-])(?:rss|feed)(?:$|[\s_-])", re.I)
# Feed readers, where pages link to with a feed's address inside.
_READERS = re.compile(
    r"(?:.+\.)?(?:feedly|inoreader|netvibes|newsblur|theoldreader|subtome)\.com|.*\bmy\.yahoo\.com"
)


def discover(body: bytes, *, url: str, content_type: str | None = None) -> tuple[Link, ...]:
    """Return the absolute address and title of each feed a page leads to, each once, the likeliest first.

    First what the page names (``<link rel="alternate">``), then what a rule finds in it, then links of
    its text that look like feeds; feeds of comments come last.
    """
    text, _ = decode(body, content_type=content_type)
    if objection(text):  # it would take the parser minutes: such a page names nothing
        return ()
    tree = LexborHTMLParser(text)
    base = _base(tree, url)
    found: dict[str, str | None] = {}
    for address, title in islice(chain(_named(tree, base), _found(text, url), _linked(tree, base)), _MOST):
        found.setdefault(address, title)
    return tuple(sorted(found.items(), key=_is_of_comments))


def web_address(written: str) -> str:
    """Return an address as the Web has it, where it is written for feed readers: ``feed://…``."""
    scheme, _, rest = written.strip().partition(":")
    if scheme.lower() != "feed":
        return written
    return f"http:{rest}" if rest.startswith("//") else rest


# --- in the page ------------------------------------------------------------------------------------


def _base(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    return (absolute(url, base.attributes.get("href")) if base else None) or url


def _named(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """Yield what a page names as its feeds, in page order."""
    for link in tree.css("link[href]"):
        written = link.attributes
        address = absolute(base, web_address(written.get("href") or ""))
        if address and _is_feed(written, address):
            yield address, tidy(written.get("title"))


def _is_feed(written: dict[str, str | None], address: str) -> bool:
    roles = (written.get("rel") or "").lower().split()
    kind = (written.get("type") or "").partition(";")[0].strip().lower()
    if "alternate" not in roles and "feed" not in roles:
        return False
    loose = kind in _LOOSE and not written.get("hreflang")
    return kind in _TYPES or (loose and ("feed" in roles or _looks_like_one(address)))


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    """Yield the links of a page's text that look like feeds; those that only say so come last."""
    by_words: list[Link] = []
    for link in tree.css("a[href]"):
        address = absolute(base, web_address(link.attributes.get("href") or ""))
        if address is None or _READERS.fullmatch(urlsplit(address).hostname or ""):
            continue
        address = urldefrag(address).url
        if _looks_like_one(address):
            yield address, _words(link)
        elif address != urldefrag(base).url and _says_so(link):
            by_words.append((address, _words(link)))
    yield from by_words


def _looks_like_one(address: str) -> bool:
    parts = urlsplit(address)
    by_place = _PATH.fullmatch(parts.path) or _HOST.fullmatch(parts.hostname or "")
    return bool(by_place or _QUERY.fullmatch(parts.query))


def _words(link: LexborNode) -> str | None:
    written = link.attributes
    return tidy(written.get("title")) or tidy(link.text()) or tidy(written.get("aria-label"))


def _says_so(link: LexborNode) -> bool:
    written = link.attributes
    said = (link.text(), written.get("title"), written.get("aria-label"))
    short = (words for words in map(tidy, said) if words and len(words) <= _LONGEST_WORDS)
    inner = link.css("i, svg, img, span")[:3]
    classes = (each.attributes.get("class") or "" for each in (link, *inner))
    return any(map(_WORDS.search, short)) or any(map(_CLASS.search, classes))


def _is_of_comments(link: Link) -> bool:
    return any(_OF_COMMENTS.search(words) for words in link if words)


# --- by rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the feeds of one site's pages are found."""

    name: str
    address: re.Pattern[str]  # of the page, as a whole
    page: re.Pattern[str] | None = None  # what must stand in the page; None: the address says all
    feeds: tuple[str, ...] = ()  # addresses, relative to the page's, with the patterns' {groups}
    advice: str | None = None  # for a person, where there is no feed

    def links(self, url: str, text: str = "") -> Iterator[Link]:
        """Yield the feeds that follow from a page's address and text."""
        at = self.address.fullmatch(url)
        within = self.page.search(text) if self.page else None
        if at is None or (self.page and within is None):
            return
        words = at.groupdict("") | (within.groupdict("") if within else {})
        for feed in self.feeds:
            address = absolute(url, feed.format_map(words))
            if address:
                yield address, self.name


@cache
def _book() -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules, in their order, and the usual places."""
    written = tomllib.loads((files(__package__) / "discovery.toml").read_text(encoding="utf-8"))
    return tuple(map(_rule, written["rule"])), tuple(written["usual"])


def _rule(written: dict[str, Any]) -> Rule:
    return Rule(
        name=written["name"],
        address=re.compile(written.get("address", "https?://.*"), re.I),
        page=re.compile(written["page"], re.I) if "page" in written else None,
        feeds=tuple(written.get("feeds", ())),
        advice=written.get("advice"),
    )


def rule_for(url: str) -> Rule | None:
    """Return the rule for a site's addresses, or None; of several the first."""
    return next((rule for rule in _book()[0] if rule.address.fullmatch(url)), None)


def rule_feeds(url: str) -> tuple[Link, ...]:
    """Return the feeds that follow from an address alone, so that its page need not be asked."""
    rule = rule_for(url)
    return tuple(rule.links(url)) if rule and rule.page is None else ()


def _found(text: str, url: str) -> Iterator[Link]:
    """Yield the feeds that rules find in a page."""
    searched = text[:_SEARCHED]
    return (link for rule in _book()[0] if rule.page for link in rule.links(url, searched))


def well_known(url: str) -> tuple[str, ...]:
    """Return where feeds often stand: below an address, then below its host. Guesses, for those who ask."""
    starts = dict.fromkeys((absolute(url, "."), absolute(url, "/")))
    places = (absolute(start, usual) for start in starts if start for usual in _book()[1])
    return tuple(dict.fromkeys(place for place in places if place))
