"""What search engines ask a site for: its sitemap (sitemaps.org) and robots.txt."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from urllib.parse import quote
from xml.sax.saxutils import escape

from dibao.model import Headline
from dibao.ports import Page

SITEMAP_SIZE = 50_000  # the protocol's limit for one file


def sitemaps(base: str, headlines: Sequence[Headline]) -> Iterator[Page]:
    """Yield ``sitemap.xml``, and the numbered files it names when there are too many articles for one."""
    if not base:  # sitemaps need absolute addresses
        return
    parts = [headlines[at : at + SITEMAP_SIZE] for at in range(0, len(headlines), SITEMAP_SIZE)]
    if len(parts) < 2:
        yield Page(path="sitemap.xml", body=_urlset(base, headlines))
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield Page(
        path="sitemap.xml", body=_xml("sitemapindex", (_located("sitemap", base + name) for name in names))
    )
    for name, part in zip(names, parts, strict=True):
        yield Page(path=name, body=_urlset(base, part))


def _urlset(base: str, headlines: Sequence[Headline]) -> bytes:
    lines = ((f"{base}a/{quote(line.key)}.html", line.seen_at.astimezone(UTC).date()) for line in headlines)
    return _xml("urlset", (_located("url", url, day.isoformat()) for url, day in lines))


def _located(tag: str, url: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<{tag}><loc>{escape(url)}</loc>{lastmod}</{tag}>"


def _xml(tag: str, lines: Iterator[str]) -> bytes:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{tag} xmlns="{space}">\n{body}\n</{tag}>\n'.encode()


def robots(base: str) -> Page:
    """Return a robots.txt that welcomes everybody."""
    sitemap = f"Sitemap: {base}sitemap.xml\n" if base else ""
    return Page(path="robots.txt", body=f"User-agent: *\nAllow: /\n{sitemap}".encode())
