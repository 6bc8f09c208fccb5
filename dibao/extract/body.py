"""The main content of a page: found by trafilatura, its pictures put back where the page had them."""

import re

import lxml.html
import trafilatura

from dibao.extract.guard import TROUBLE
from dibao.extract.tree import BLOCKS, Node, Tree, ancestors, blocks_below, kind, words

_FIGURE = re.compile(r'<figure data-framed="">.*?</figure>', re.S)
_KEY = 40  # characters that tell a paragraph from the others
_NEAR = 3  # figures with captions that may stand before the text, outside of its box
_ELSEWHERE = ("body", "html")


def main(tree: Tree) -> str:
    """Return the main content as HTML with figures, not yet clean; empty if there is none.

    The tree must be without furniture, and its pictures framed.
    """
    written = _FIGURE.sub("", tree.html or "")
    found = _content(written)
    return _weave(found, tree) if found else ""


def _content(html: str) -> str:
    """Return trafilatura's main content; it is given a tree, since it would fetch what looks like a URL."""
    try:
        page = lxml.html.document_fromstring(html)
        return (
            trafilatura.extract(
                page,
                output_format="html",
                include_comments=False,
                include_links=True,
                include_formatting=True,
            )
            or ""
        )
    except TROUBLE:
        return ""


def _weave(content: str, tree: Tree) -> str:
    """Put each figure after the paragraph that it follows on the page."""
    body = Tree(content).body
    if body is None:
        return ""
    blocks = [block for block in body.iter() if words(block)]
    places = _places(blocks, tree)
    captions = {
        words(caption)
        for figures in places.values()
        for figure in figures
        for caption in figure.css("figcaption")
    }
    written = [figure.html or "" for figure in places.get(-1, ())]
    for number, block in enumerate(blocks):
        if words(block) not in captions:
            written.append(block.html or "")
        written += [figure.html or "" for figure in places.get(number, ())]
    return "".join(written)


def _places(blocks: list[Node], tree: Tree) -> dict[int, list[Node]]:
    """Return figures by the number of the block that they follow; -1 is before the first."""
    keys = {_key(block): number for number, block in reversed(list(enumerate(blocks)))}
    seen, pending, places = -1, list[Node](), dict[int, list[Node]]()
    matched: list[Node] = []
    for node in tree.root.traverse() if tree.root is not None else ():
        if kind(node) == "figure" and "data-framed" in node.attributes:
            pending.append(node)
        elif seen < (number := keys.get(_key(node), -1)) and not _is_container(node):
            places.setdefault(seen, []).extend(pending)
            pending = []
            seen = number
            matched.append(node)
    article = _around(matched)
    places[-1] = _leading(places.get(-1, []), article)
    places.setdefault(seen, []).extend(
        figure for figure in pending if seen >= 0 and _belongs(figure, article)
    )
    return places


def _around(matched: list[Node]) -> Node | None:
    """Return the smallest element that holds the first and the last paragraph found."""
    if not matched:
        return None
    above = {node.mem_id for node in ancestors(matched[0])}
    return next((node for node in ancestors(matched[-1]) if node.mem_id in above), None)


def _leading(figures: list[Node], article: Node | None) -> list[Node]:
    """Return the figures before the text that are the article's: in it, or the nearest in what holds it."""
    frame = _frame(article)
    outside = [figure for figure in figures if _belongs(figure, frame) and not _belongs(figure, article)]
    near = {figure.mem_id for figure in outside[-_NEAR:] if figure.css_first("figcaption")}
    near |= {figure.mem_id for figure in outside[-1:]}
    return [figure for figure in figures if _belongs(figure, article) or figure.mem_id in near]


def _frame(article: Node | None) -> Node | None:
    """Return the page's own <article> or <main> around the text, else the box two levels up."""
    above = list(ancestors(article)) if article is not None else []
    named = next((node for node in above if kind(node) in ("article", "main")), None)
    return named or next((node for node in reversed(above[:2]) if kind(node) not in _ELSEWHERE), None)


def _belongs(figure: Node, article: Node | None) -> bool:
    if article is None or kind(article) in _ELSEWHERE:
        return False
    return any(node.mem_id == article.mem_id for node in ancestors(figure))


def _is_container(node: Node) -> bool:
    return kind(node) in ("div", "section", "article", "main", "td", "tr", "tbody") and blocks_below(node)


def _key(node: Node) -> str:
    if kind(node) in _ELSEWHERE or kind(node) not in BLOCKS:
        return ""
    return "".join((node.text() or "")[: _KEY * 10].split())[:_KEY]
