"""A rule at work: what it finds said, what it takes out, and what it leaves of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dibao.extract.rules.finding import Finder
from dibao.extract.rules.rule import Rule
from dibao.extract.tree import BLOCKS, Node, Tree, ancestors, children, drop, kind, words
from dibao.text import squeeze
from dibao.urls import absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a rule found in a page; what it did not find is empty."""

    title: str | None = None
    byline: tuple[str, ...] = ()  # as written, one for each element
    date: str | None = None
    next: str | None = None  # the address of the next page
    single: str | None = None  # the address of all pages as one
    selected: tuple[int, ...] = ()  # the `mem_id` of each element that holds the article, in page order


def rewritten(page: str, rule: Rule) -> str:
    """Return a page with the rule's replacements made, before it is parsed."""
    for what, by in rule.replace:
        page = page.replace(what, by)
    return page


def apply(tree: Tree, rule: Rule, url: str) -> Said:
    """Return what a rule finds in a tree, and leave in the tree's body only what it takes for the article.

    Where it selects nothing, all stays but what it strips: a rule that no longer fits costs no article.
    """
    found = Finder(tree)
    furniture = stripped(found, rule)
    chosen = selected(found, rule, furniture)
    said = Said(
        title=next(iter(_first(found, rule.title)), None),
        byline=tuple(dict.fromkeys(_first(found, rule.byline))),
        date=next(iter(_first(found, rule.date)), None),
        next=_link(found, rule.next, url),
        single=_link(found, rule.single, url),
        selected=tuple(node.mem_id for node in chosen),
    )
    drop(furniture)
    isolate(tree, chosen)
    return said


def stripped(found: Finder, rule: Rule) -> list[Node]:
    """Return the elements that a rule takes out, the outermost of those that stand in each other."""
    nodes = [node for selector in rule.strip for node in found.nodes(selector)]
    if rule.strip_text:
        nodes += with_text(found.tree, rule.strip_text)
    return outermost(node for node in nodes if kind(node) not in ("html", "head", "body"))


def with_text(tree: Tree, texts: Iterable[str]) -> list[Node]:
    """Return the innermost blocks whose whole text is one of these: a picture beside the text stays."""
    wanted = {squeeze(text) for text in texts}
    longest = max(map(len, wanted)) * 4  # with the white space of a page's source
    if tree.body is None:
        return []
    found = [
        node
        for node in tree.body.traverse()
        if kind(node) in BLOCKS and len(node.text()) <= longest and words(node) in wanted
    ]
    around = {above.mem_id for node in found for above in ancestors(node)}
    return [node for node in found if node.mem_id not in around]


def selected(found: Finder, rule: Rule, furniture: Sequence[Node] = ()) -> list[Node]:
    """Return the elements that hold the article: what the first selector finds that finds any text."""
    gone = {node.mem_id for node in furniture}
    for selector in rule.select:
        nodes = [
            node
            for node in outermost(found.nodes(selector))
            if node.mem_id not in gone and not any(above.mem_id in gone for above in ancestors(node))
        ]
        if any(words(node) for node in nodes):
            return nodes
    return []


def outermost(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes, each once, without those that stand in another one; their order stays."""
    unique = {node.mem_id: node for node in nodes}
    return [node for node in unique.values() if not any(above.mem_id in unique for above in ancestors(node))]


def isolate(tree: Tree, nodes: Sequence[Node]) -> None:
    """Take everything out of the body but these nodes and the elements around them."""
    if tree.body is None or not nodes or any(kind(node) in ("html", "body") for node in nodes):
        return
    kept = {node.mem_id for node in nodes}
    around = {above.mem_id for node in nodes for above in ancestors(node)}
    waiting, rest = [tree.body], list[Node]()
    while waiting:
        for child in children(waiting.pop()):
            if child.mem_id in around:
                waiting.append(child)
            elif child.mem_id not in kept:
                rest.append(child)
    for node in rest:
        node.decompose()


def _first(found: Finder, selectors: Iterable[str]) -> list[str]:
    return next((values for selector in selectors if (values := found.values(selector))), [])


def _link(found: Finder, selectors: Iterable[str], url: str) -> str | None:
    links = (
        link
        for selector in selectors
        for written in found.links(selector)[:1]
        if (link := absolute(url, written))
    )
    return next((link for link in links if link != url), None)
