"""What stands beside an article in its feed: keywords, related links, carousels, a relay's promotion."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from dibao.extract.beside import KEYWORD, is_tag, is_talk, role
from dibao.extract.blocks import units
from dibao.extract.meta import keywords
from dibao.extract.tree import (
    Node,
    Tree,
    ancestors,
    attribute,
    drop,
    is_furniture,
    is_hidden,
    is_link_list,
    kind,
    linked,
    names,
    words,
)
from dibao.model import Link
from dibao.urls import absolute, host

_MOST = 0.4  # of the text: a block with more of it is the article
_MOSTLY = 0.6  # share of link text in a promotion
_TAIL = 500  # characters of what may follow the last rule
_SHORTEST = 6  # characters of a headline that is linked to
_ITEM = 6  # elements between a link and the item of a list that it stands in

_BOXES = "div,section,ul,ol,li,table,header,footer,aside,nav,article"
_PROMOTION = re.compile(
    r"rss|\bfeeds?\b|originally published (?:in|on|at)|appeared first on|first appeared on|"
    r"read more|continue reading|subscribe|"
    r"订阅|訂閱|扫码|掃碼|微信搜索|公众号|关注我们|關注我們|阅读全文|閱讀全文|原文链接|原文連結",
    re.I,
)
_RULE = re.compile(r"^\s*[-—–_=*·＊－]{3,}\s*$")
_RELAY = re.compile(r"rss|feed", re.I)
_BEFORE_LIST = re.compile(
    r"^(?:related|read (?:more|also)|more (?:on|from)|see also|recommended|延伸閱讀|延伸阅读|"
    r"相關(?:新聞|閱讀|報導|文章)|"
    r"相关(?:新闻|阅读|报道|文章)|"
    r"更多|推薦閱讀|推荐阅读|看更多|聚焦新聞|熱門新聞|热门新闻|您可能感興趣|您可能感兴趣)",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stood beside an article."""

    keywords: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    relay: str | None = None


def clear(tree: Tree, url: str, title: str | None) -> Beside:
    """Take what stands beside the article out of a feed's content, and return what of it is worth keeping."""
    body = tree.body
    if body is None:
        return Beside()
    relay = _clear_promotion(tree)
    boxes = _outermost(_boxes(tree))
    tagged = [box for box in boxes if _is_tags(box)]
    links = [link for box in boxes for link in (_tags if box in tagged else _links)(box, url)]
    found = keywords(words(link) for box in tagged for link in box.css("a"))
    headings = [heading for box in boxes if (heading := _heading_before(box)) is not None]
    repeated = [node for node in tree.css("h1,h2") if title and words(node) == title]
    drop([*headings, *boxes])
    drop(repeated)
    return Beside(keywords=found, links=tuple(dict.fromkeys(links)), relay=relay)


def _boxes(tree: Tree) -> list[Node]:
    """Return the boxes of links, and those that call themselves furniture, in document order."""
    enough = _MOST * len(words(tree.body))
    return [node for node in tree.css(_BOXES) if _is_beside(node) and len(words(node)) <= enough]


def _is_beside(node: Node) -> bool:
    if is_furniture(node) or kind(node) in ("nav", "aside", "footer"):
        return True
    if not is_link_list(node) or not _leads_away(node) or _has_picture(node):
        return False
    # A plain list of links may be what the author has to say, as in a round-up.
    plain = kind(node) in ("ul", "ol", "li", "table") and not names(node).strip()
    return not plain or _heading_before(node) is not None


def _has_picture(node: Node) -> bool:
    """Say whether a picture stands there that isn't itself a link."""
    return any(all(kind(above) != "a" for above in ancestors(image)) for image in node.css("img"))


def _leads_away(node: Node) -> bool:
    return any(not attribute(link, "href").startswith("#") for link in node.css("a[href]"))


def _outermost(nodes: Iterable[Node]) -> list[Node]:
    kept: dict[int, Node] = {}
    for node in nodes:  # in document order: the outer one comes first
        if not any(above.mem_id in kept for above in ancestors(node)):
            kept.setdefault(node.mem_id, node)
    return list(kept.values())


def _heading_before(box: Node) -> Node | None:
    """Return the short line before a box that only announces it."""
    before = box.prev
    while before is not None and kind(before).startswith("-") and not words(before):
        before = before.prev
    if before is None or kind(before).startswith("-"):
        return None
    text = words(before)
    return before if len(text) <= 20 and _BEFORE_LIST.match(text) else None


def _is_tags(box: Node) -> bool:
    links = box.css("a[href]")
    tags = [link for link in links if is_tag(link)]
    return bool(links) and len(tags) == len(links) and not is_hidden(box)


def _links(box: Node, url: str) -> list[Link]:
    """Return the headlines that a box links to, of each of its items the one that says most."""
    found: dict[int, Link] = {}
    for node in box.css("a[href]"):
        link = _link(node, box, url)
        if link is None:
            continue
        item = next((around.mem_id for around in ancestors(node) if kind(around) == "li"), node.mem_id)
        if item not in found or units(found[item].title) < units(link.title):
            found[item] = link
    return list({link.url: link for link in found.values()}.values())


def _link(node: Node, box: Node, url: str) -> Link | None:
    address, title = absolute(url, attribute(node, "href")), words(node)
    if not address or len(title) < _SHORTEST or is_tag(node):
        return None
    if any(is_talk(around) for around in (box, *ancestors(node))):
        return None
    return Link(url=address, title=title, role=role(node), thumbnail=_thumbnail(node, url))


def _thumbnail(link: Node, url: str) -> str | None:
    """Return the picture in a link, or in the item of a list that it stands in."""
    item = next((node for node in islice(ancestors(link), _ITEM) if kind(node) == "li"), link)
    image = item.css_first("img[src]")
    return absolute(url, attribute(image, "src")) if image is not None else None


def _tags(box: Node, url: str) -> list[Link]:
    """Return the links of a box of keywords."""
    found = (
        (absolute(url, attribute(link, "href")), words(link).lstrip("#＃ ")) for link in box.css("a[href]")
    )
    return [Link(url=address, title=title, role=KEYWORD) for address, title in found if address and title]


def _clear_promotion(tree: Tree) -> str | None:
    """Take out the promotion after the last rule, and return the host of the relay that put it there."""
    rules = [node for node in tree.css("hr,p,div") if kind(node) == "hr" or _RULE.match(node.text() or "")]
    if not rules:
        return None
    tail = _following(rules[-1])
    text = " ".join(words(node) for node in tail)
    elements = [node for node in tail if not kind(node).startswith("-")]
    links = [link for node in elements for link in _own_links(node)]
    if len(text) > _TAIL or not (_PROMOTION.search(text) or any(linked(node) > _MOSTLY for node in elements)):
        return None
    relay = host(attribute(links[0], "href")) if links and _RELAY.search(text) else ""
    drop([rules[-1], *tail])
    return relay or None


def _own_links(node: Node) -> list[Node]:
    return [node] if kind(node) == "a" else node.css("a[href]")


def _following(rule: Node) -> list[Node]:
    found = []
    node = rule.next
    while node is not None:
        found.append(node)
        node = node.next
    return found
