"""A page as a tree, and what is asked of its nodes everywhere."""

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dibao.errors import ExtractError
from dibao.hazards import objection
from dibao.text import printable_utf8, squeeze

Tree = LexborHTMLParser
Node = LexborNode

# What is never part of what an author wrote. "header" and "figure" are.
_MACHINERY_WORDS = (
    "script style template svg canvas iframe object embed applet noscript link button input select textarea "
    "dialog map audio video"
)
_MACHINERY = frozenset(_MACHINERY_WORDS.split())
_BLOCKS_WORDS = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr hgroup html li main nav ol p picture pre section summary "
    "table tbody td tfoot th thead tr ul"
)
BLOCKS = frozenset(_BLOCKS_WORDS.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Words that name furniture, whole in a class or id: "related-posts", "moreArticle", "owl_carousel".
_FURNITURE = re.compile(
    r"(?<![a-z])(shar(e|ing|ers?)|sharedaddy|social|jp-relatedposts|relate[ds]?|recommend\w*|recirc|carousel|outbrain|"
    r"taboola|promo\w*|newsletter|subscri(be|ption)\w*|sponsor\w*|advert\w*|ads?|dfp|breadcrumbs?|pagination|pager|"
    r"comments?|disqus|respond|toolbar|popular|trending|more(article|news|stories)|read-?more|paywall|cookies?|"
    r"element-invisible|screen-reader-text|sr-only|site-footer|entry-(footer|meta)|post-?meta)(?![a-z])",
    re.I,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LINKED = 0.7  # share of link text from which a block is a list of links


def parse(html: str, url: str) -> Tree:
    """Return the page as a tree; raises ExtractError for what would take a parser too long."""
    why = objection(html)
    if why:
        raise ExtractError(url, f"not parsed: {why}")
    return Tree(printable_utf8(html))


def words(node: Node | None) -> str:
    """Return the text below a node on one line."""
    return squeeze(node.text(separator="", strip=False)) if node is not None else ""


def attribute(node: Node, name: str) -> str:
    """Return an attribute's value, empty if it is missing or has none."""
    return node.attributes.get(name) or ""


def kind(node: Node) -> str:
    """Return the tag in lower case; text and comments have names that start with "-"."""
    return (node.tag or "-").lower()


def children(node: Node) -> list[Node]:
    """Return elements and texts directly below a node."""
    return list(node.iter(include_text=True))


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the elements around a node, from the nearest to the page itself."""
    parent = node.parent
    while parent is not None and not kind(parent).startswith("-"):
        yield parent
        parent = parent.parent


def drop(nodes: Iterable[Node]) -> None:
    """Take nodes, in document order, out of their tree; they may stand in each other and come twice."""
    unique = {node.mem_id: node for node in nodes}
    for node in reversed(unique.values()):  # inner ones first: the outer one's memory goes with it
        node.decompose()


def strip_machinery(tree: Tree) -> None:
    """Take out scripts, styles, controls and embedded players."""
    if tree.root is not None:  # a walk: to match a selector of so many tags takes longer
        drop([node for node in tree.root.traverse() if node.tag in _MACHINERY])


def strip_chrome(tree: Tree) -> None:
    """Take out navigation, and footers outside of an <article>: a third of a page."""
    found = tree.css("nav,footer")
    drop([node for node in found if node.tag == "nav" or all(a.tag != "article" for a in ancestors(node))])


def is_furniture(node: Node) -> bool:
    """Say whether a block calls itself furniture, or is hidden."""
    if kind(node) in ("html", "body", "main", "article", "a", "p", "img", "em", "strong"):
        return False
    return is_hidden(node) or bool(_FURNITURE.search(names(node)))


def is_hidden(node: Node) -> bool:
    """Say whether a reader would not see the block until something is clicked."""
    return "hidden" in node.attributes or bool(_HIDDEN.search(attribute(node, "style")))


def names(node: Node) -> str:
    """Return class and id as words with hyphens, camel case taken apart."""
    together = f"{attribute(node, 'class')} {attribute(node, 'id')}"
    return hyphened(together)


def hyphened(style: str) -> str:
    """Return what a class or id says as words with hyphens in lower case, camel case taken apart."""
    return _CAMEL.sub("-", style).replace("_", "-").lower()


def linked(node: Node) -> float:
    """Return the share of a block's text that is links, 0 to 1."""
    text = len(words(node))
    return sum(len(words(link)) for link in node.css("a")) / text if text else 0.0


def is_link_list(node: Node) -> bool:
    """Say whether a block is nearly all links, two or more."""
    return len(node.css("a[href]")) > 1 and linked(node) >= _LINKED
