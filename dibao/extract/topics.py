"""What an article is about: its section, and its keywords."""

import re
from collections.abc import Iterable, Iterator

from dibao.extract import jsonld
from dibao.extract.said import Role, Said, brief
from dibao.extract.tree import attribute, kind
from dibao.text import squeeze
from dibao.urls import parse

_MOST = 30
_MOST_BLOCKS = 8
_ABOVE = 60  # nodes above a headline in which its tags may stand
_COMMA = re.compile(r"[,，、;；|｜\n]")
_NO_KEYWORDS = frozenset(
    [
        "newsarticle",
        "article",
        "news",
        "tags",
        "tag",
        "標籤",
        "标签",
        "關鍵字",
        "关键字",
        "關鍵詞",
        "关键词",
        "相關關鍵字",
        "更多",
        "more",
    ]
)
_HOMES = re.compile(
    r"^(?:home(?:page)?|首頁|首页|start(?:seite)?|accueil|inicio|portada|トップ|ホーム|홈|главная|hjem|"
    r"hem|forside|etusivu|you are here:?|front page|新聞|news)$",
    re.I,
)
_SECTION_NAMES = (
    "article:section",
    "og:article:section",
    "section",
    "parsely-section",
    "category",
    "articlesection",
    "cxenseparse:section",
    "subsection",
)
_NO_SECTION = re.compile(
    r"^(?:articles?|news|story|stories|post|blog|content|\d+|[a-z]{2}|amp|index|www|html?|p|s|a|n|"
    r"archives?|realtimenews|breakingnews|detail|view|read|item|page)$",
    re.I,
)
_LONGEST = 40


def section(
    said: Said, url: str, title: str | None, outlets: Iterable[str | None]
) -> tuple[str | None, str, float]:
    """Return the section, where it was read, and how sure that is."""
    others = {_folded(name) for name in (*outlets, title) if name}
    for source, confidence, text in _sections(said, url):
        name = squeeze(text).strip("/>»›| ")
        if 1 < len(name) <= _LONGEST and _folded(name) not in others and not _HOMES.match(name):
            return name, source, confidence
    return None, "", 0.0


def _sections(said: Said, url: str) -> Iterator[tuple[str, float, str]]:
    for text in jsonld.texts(said.thing.get("articleSection")):
        yield "json-ld", 0.9, text
    for name in _SECTION_NAMES:
        for text in said.meta.get(name, ())[:1]:
            yield "meta", 0.85, text
    for text in _crumbs_stated(said):
        yield "breadcrumb", 0.8, text
    for text in _crumbs_shown(said):
        yield "breadcrumb", 0.7, text
    for spot in said.of(Role.SECTION)[:3]:
        yield "section block", 0.5, brief(spot.node, _LONGEST)
    for text in _of_path(url):
        yield "url", 0.4, text


def _crumbs_stated(said: Said) -> Iterator[str]:
    """Yield the names of the breadcrumb list, from the last that is not the page itself."""
    for crumbs in jsonld.of_type(said.things, "BreadcrumbList"):
        items = crumbs.get("itemListElement")
        names = [name for item in (items if isinstance(items, list) else []) for name in _crumb(item)]
        yield from reversed([name for name in names[1:] if not _HOMES.match(name)])


def _crumb(item: object) -> list[str]:
    if not isinstance(item, dict):
        return []
    inner = item.get("item")
    return jsonld.texts(item.get("name") or (inner.get("name") if isinstance(inner, dict) else None))[:1]


def _crumbs_shown(said: Said) -> Iterator[str]:
    for spot in [spot for spot in said.spots if spot.role & Role.CRUMBS][:4]:
        links = [brief(link, _LONGEST) for link in spot.node.css("a[href]")]
        names = [name for name in links if name and len(name) <= _LONGEST and not _HOMES.match(name)]
        if 1 <= len(links) <= 8 and names:
            yield from reversed(names)
            return


def _of_path(url: str) -> Iterator[str]:
    parts = parse(url)
    path = (parts.path if parts else "").strip("/").split("/")[:-1]
    for name in path[:3]:
        if re.fullmatch(r"[a-z][a-z_-]{2,24}", name) and not _NO_SECTION.match(name):
            yield name
            return


# --- keywords --------------------------------------------------------------------------------------


def keywords(given: Iterable[str], outlets: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Return keywords without "#", each once; names of the outlet are none."""
    parts = (squeeze(part.strip().lstrip("#＃")) for text in given for part in _COMMA.split(text))
    others = {_folded(name) for name in outlets if name} | _NO_KEYWORDS
    kept: dict[str, str] = {}
    for part in parts:
        if 1 < len(part) <= 60 and _folded(part) not in others:
            kept.setdefault(_folded(part), part)
    return tuple(kept.values())[:_MOST]


def keywords_of(
    said: Said, outlets: Iterable[str | None], section: str | None, anchor: int | None
) -> tuple[tuple[str, ...], str, float]:
    """Return the keywords, where they were read, and how sure that is; a link to the section is no tag."""
    known = tuple(outlets)
    for source, confidence, texts in _keywords(said, anchor):
        found = keywords(texts, (*known, section) if source == "tag links" else known)
        if found:
            return found, source, confidence
    return (), "", 0.0


def _keywords(said: Said, anchor: int | None) -> Iterator[tuple[str, float, list[str]]]:
    yield "json-ld", 0.9, jsonld.texts(said.thing.get("keywords"))
    for name in ("news_keywords", "article:tag", "parsely-tags"):
        yield "meta", 0.85, said.meta.get(name, [])
    yield "tag links", 0.8, _tag_links(said, anchor)
    yield "meta", 0.6, said.meta.get("keywords", [])


def _tag_links(said: Said, anchor: int | None) -> list[str]:
    """Return the words of links to tags: those marked so, else by their address, else by their block."""
    spots = [spot for spot in said.of(Role.TAG) if anchor is None or spot.place > anchor - _ABOVE]
    links = [spot.node for spot in spots if kind(spot.node) == "a"]
    marked = [link for link in links if "tag" in attribute(link, "rel").lower().split()]
    named = [spot.node for spot in spots if kind(spot.node) not in ("a", "p")][:_MOST_BLOCKS]
    blocks = [link for node in named for link in node.css("a[href]")[:60]]
    for group in (marked, links, blocks):
        names = list(dict.fromkeys(name for link in group[:60] if (name := brief(link, _LONGEST))))
        if names and len(names) <= 25:
            return names
    return []


def _folded(name: str | None) -> str:
    return squeeze(name or "").casefold()
