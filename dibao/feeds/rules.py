"""robots.txt -> the sitemaps it names, as an index of them."""

import re

from dibao.model import Feed, Part
from dibao.urls import absolute

_LARGEST = 500 * 1024  # bytes, as crawlers read it (RFC 9309, 2.5)
_LINE = re.compile(r"^[^\S\n]*sitemap[^\S\n]*:[^\S\n]*(\S+)", re.I | re.M)


def read_rules(body: bytes, *, url: str) -> Feed:
    """Return the sitemaps that a robots.txt names, each once and in order, as the parts of a feed."""
    named = (absolute(url, found) for found in _LINE.findall(body[:_LARGEST].decode("utf-8", "replace")))
    parts = tuple(Part(url=each) for each in dict.fromkeys(named) if each)
    return Feed(format="robots.txt", parts=parts)
