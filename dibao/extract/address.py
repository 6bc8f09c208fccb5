"""The address that a page says is its own, where that is plausible."""

from dibao.extract import jsonld
from dibao.extract.said import Said
from dibao.urls import absolute, host, parse

_SECOND_LEVEL = frozenset(
    ["co", "com", "org", "net", "gov", "gob", "ac", "edu", "ne", "or", "go", "gv", "idv", "govt"]
)


def canonical(said: Said, url: str) -> tuple[str | None, str, float]:
    """Return the page's own address, where it was read, and how sure that is.

    A home page is no article's address, unless the page itself is one. The address of another site is
    believed where the page is a copy: in the AMP form, named as syndicated, or reached through an address
    that holds the other's host.
    """
    for source, confidence, written in (
        *(("canonical link", 0.95, link) for link in said.links.get("canonical", ())[:1]),
        ("opengraph", 0.85, said.first("og:url")),
        ("json-ld", 0.7, _of_thing(said)),
    ):
        link = absolute(url, written)
        if link and _is_plausible(said, link, url):
            return link, source, confidence
    return None, "", 0.0


def _of_thing(said: Said) -> str | None:
    page = said.thing.get("mainEntityOfPage")
    return (
        page if isinstance(page, str) else page.get("@id") if isinstance(page, dict) else None
    ) or jsonld.first(said.thing.get("url"))


def _is_plausible(said: Said, link: str, url: str) -> bool:
    if parse(url) is None:  # a file: nothing is known to compare with
        return True
    if _is_home(link) and not _is_home(url):
        return False
    return site(link) == site(url) or _is_copy(said, link, url)


def _is_copy(said: Said, link: str, url: str) -> bool:
    root = said.root
    amp = root is not None and ("amp" in root.attributes or "⚡" in root.attributes)
    syndicated = [
        absolute(url, each)
        for name in ("syndication-source", "original-source")
        for each in said.meta.get(name, ())
    ]
    return (
        amp
        or link in syndicated
        or _is_local(url)
        or host(link).removeprefix("www.") in url.partition("://")[2].partition("/")[2]
    )


def _is_home(url: str) -> bool:
    parts = parse(url)
    return parts is not None and parts.path.strip("/") == "" and not parts.query and not parts.fragment


def _is_local(url: str) -> bool:
    name = host(url).partition(":")[0]
    return "." not in name or name.replace(".", "").isdigit()


def site(url: str) -> str:
    """Return the part of a host that somebody registered: "news.example.co.uk" is "example.co.uk"."""
    labels = host(url).partition(":")[0].split(".")
    deep = len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2
    return ".".join(labels[-3:] if deep else labels[-2:])
