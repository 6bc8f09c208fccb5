"""The feeds that an HTML page names."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from dibao.charset import decode
from dibao.feeds.plain import tidy
from dibao.urls import absolute

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


def discover(body: bytes, *, url: str, content_type: str | None = None) -> tuple[tuple[str, str | None], ...]:
    """Return the absolute address and title of each feed a page links to, in page order, each once."""
    text, _ = decode(body, content_type=content_type)
    found: dict[str, str | None] = {}
    for address, title in _links(LexborHTMLParser(text), url):
        found.setdefault(address, title)
    return tuple(found.items())


def _links(tree: LexborHTMLParser, url: str) -> Iterator[tuple[str, str | None]]:
    base = tree.css_first("base[href]")
    base_url = absolute(url, base.attributes.get("href")) if base else url
    for link in tree.css("link[href]"):
        written = link.attributes
        kind = (written.get("type") or "").partition(";")[0].strip().lower()
        if kind not in _TYPES or "alternate" not in (written.get("rel") or "").lower().split():
            continue
        address = absolute(base_url or url, written.get("href"))
        if address:
            yield address, tidy(written.get("title"))
