"""A page that lists headlines -> Feed.

Which links are its headlines is said by a CSS selector, or learnt from the page (see ``headlines``).
Nothing is made up: a page without such a list is an error, and a date that can't be read is left empty.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from dibao.charset import decode
from dibao.dates import parse_date
from dibao.errors import FeedError
from dibao.feeds import headlines
from dibao.feeds.blocks import Blocks, date_in, heading_in, picture_in, raw_of, summary_in
from dibao.feeds.headlines import Link, learnt
from dibao.feeds.outline import Node, Spot, attribute, outline, weigh, words
from dibao.feeds.zones import zone_of
from dibao.hazards import objection
from dibao.model import Entry, Feed
from dibao.text import printable
from dibao.urls import absolute, akin

MOST = 2_000  # headlines of one page
_UNREAD = ("script", "style", "template", "noscript", "svg", "iframe")
_RELABELLED = 20  # groups of links without a name for which headings are looked up
_ARROWS = " ‹›«»<>←→"
_NEXT = frozenset(
    "next|next page|older|older posts|older entries|older articles|下一頁|下一页|下頁|下页|後一頁|后一页|"
    "次へ|次のページ|다음|›|»|>|>>|→".split("|")
)


def read_list_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    selector: str | None = None,
    timezone: str | None = None,
) -> Feed:
    """Return the headlines of a page as a feed, in the order of the page.

    ``selector`` is CSS: the links that are headlines, or elements that each hold one; without it they are
    learnt. Dates that name no zone are read in ``timezone`` (IANA), else in that of the page's language.
    Raises FeedError where the selector can't be read or finds no link, and where no list is found.
    """
    text, notes = decode(body, content_type=content_type)
    tree = _tree(text, url)
    base = absolute(url, _attribute_of(tree, "base[href]", "href")) or url
    spots = outline(tree)
    found = list(headlines.links(spots.values(), base=base, page=url))
    chosen = _selected(tree, selector, found, spots, url) if selector else _learnt(found, spots, url)
    language = _attribute_of(tree, "html[lang]", "lang")
    zone = timezone or zone_of(language)
    titles = tree.css_first("title")
    entries = tuple(_entries(chosen, found, base, language, zone))
    most = (f"only the first {MOST} headlines read",) if len(entries) == MOST else ()
    return Feed(
        format="page",
        title=words(titles) or None if titles is not None else None,
        link=url,
        language=language,
        entries=entries,
        next_url=_next(tree, found, base, url),
        notes=(*notes, *most),
    )


def _tree(text: str, url: str) -> LexborHTMLParser:
    why = objection(text)
    if why:
        raise FeedError(url, f"not parsed: {why}")
    tree = LexborHTMLParser(printable(text))
    for unread in _UNREAD:
        for node in reversed(tree.css(unread)):  # inner ones first: the outer one's memory goes with it
            node.decompose()
    return tree


def _attribute_of(tree: LexborHTMLParser, selector: str, name: str) -> str | None:
    node = tree.css_first(selector)
    return attribute(node, name) if node is not None else None


def _learnt(found: list[Link], spots: dict[int, Spot], url: str) -> list[Link]:
    for link in found:
        link.spot.weight = link.units if link.is_headline else 0
    weigh(spots)
    chosen = learnt(found) or learnt(_relabelled(found))
    if not chosen:
        raise FeedError(url, "no list of headlines found; give a CSS selector")
    return chosen


def _relabelled(found: list[Link]) -> list[Link]:
    """Return the links with the heading of its block for each that has no name of its own: "Read more"."""
    by_path: dict[int, list[Link]] = {}
    for link in found:
        by_path.setdefault(link.spot.path, []).append(link)
    new: dict[int, Link] = {}
    for group in sorted(by_path.values(), key=len, reverse=True)[:_RELABELLED]:
        blocks = Blocks(group)
        for link in group:
            heading = "" if link.is_headline else heading_in(blocks.of(link))
            if heading:
                new[id(link)] = replace(link, label=heading, units=headlines.units(heading), is_headed=True)
    return [new.get(id(link), link) for link in found]


def _selected(
    tree: LexborHTMLParser, selector: str, found: list[Link], spots: dict[int, Spot], url: str
) -> list[Link]:
    """Return the links that a selector means: what it matched, or the first one with a text in it."""
    try:
        matched = tree.css(selector)
    except SelectolaxError as error:
        raise FeedError(url, f"{selector!r} is not a CSS selector that can be read") from error
    named = [link for link in found if link.label]
    places = (spots[node.mem_id] for node in matched if node.mem_id in spots)
    links = (_inside(spot, named) or _inside(spot, found) or _around(spot, found) for spot in places)
    chosen = [link for link in dict.fromkeys(links) if link is not None]
    if not chosen:
        raise FeedError(url, f"the selector {selector!r} finds no link")
    return chosen


def _inside(spot: Spot, links: list[Link]) -> Link | None:
    """Return the first of some links in an element, which may be the link itself, or None."""
    at = bisect_left(links, spot.index, key=lambda link: link.spot.index)
    here: Spot | None = links[at].spot if at < len(links) else None
    while here is not None and here.index > spot.index:
        here = here.parent
    return links[at] if here is spot else None


def _around(spot: Spot, links: list[Link]) -> Link | None:
    """Return the link in which an element stands, or None."""
    here: Spot | None = spot
    while here is not None and here.tag != "a":
        here = here.parent
    return _inside(here, links) if here is not None else None


def _entries(
    chosen: list[Link], found: Iterable[Link], base: str, language: str | None, zone: str | None
) -> Iterator[Entry]:
    blocks = Blocks(chosen)
    addresses = dict.fromkeys(link.url for link in chosen)
    named: dict[str, list[Link]] = {address: [] for address in islice(addresses, MOST)}
    for link in (*chosen, *found):
        if link.url in named:
            named[link.url].append(link)
    for url, links in named.items():
        block = blocks.of(links[0])
        title = _title(links, block)
        said = date_in(block, title or "")
        picture = picture_in(block, base)
        yield Entry(
            link=url,
            title=title,
            published=parse_date(said, language=language, timezone=zone),
            published_raw=said,
            summary=summary_in(block, title or ""),
            base=base,
            enclosures=(picture,) if picture else (),
            raw=raw_of(block),
        )


def _title(links: list[Link], block: tuple[Node, ...]) -> str | None:
    """Return what an address is called: as in a heading, else as the link that was chosen, else as any.

    What was cut short gives way to the same words in full.
    """
    by_rank = sorted(links, key=lambda link: (not link.is_headline, not link.is_headed))
    label = next((link.label for link in by_rank if link.units), "") or heading_in(block)
    start = label.rstrip(".… ")
    longer = (link.label for link in links if start != label and link.label.startswith(start))
    return max((label, *longer), key=len) or None


def _next(tree: LexborHTMLParser, found: Iterable[Link], base: str, url: str) -> str | None:
    """Return the address of the page that follows, as its links or its pager say."""
    named = tree.css("link[rel~=next][href],a[rel~=next][href]")
    said = [absolute(base, attribute(node, "href")) for node in named]
    said += [link.url for link in found if (link.label.strip(_ARROWS) or link.label).lower() in _NEXT]
    return next((link for link in said if link and link != url and akin(link, url)), None)
