"""What selectors find in a tree: CSS at once, XPath in a mirror of the tree that lxml can search."""

import re
from functools import lru_cache
from typing import Any

from selectolax.lexbor import SelectolaxError

from dibao.extract.rules.rule import XPATH
from dibao.extract.tree import Node, Tree, children, kind, words
from dibao.text import squeeze

Found = tuple[list[Node], list[str]]  # elements, or words where a selector gives words
_ODD = re.compile(r"[^\w.-]")
_FACTS = ("content", "datetime")  # attributes that say better than the text what an element means


class Finder:
    """Finds nodes and words in one tree; it must not change between two questions."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._mirror: tuple[Any, dict[Any, Node]] | None = None

    def nodes(self, selector: str) -> list[Node]:
        """Return the elements that a selector finds, in document order."""
        return self._found(selector)[0]

    def values(self, selector: str) -> list[str]:
        """Return what a selector's finds say: of an element its content, its datetime, or its words."""
        nodes, said = self._found(selector)
        return [text for each in (*map(_said, nodes), *said) if (text := squeeze(each))]

    def links(self, selector: str) -> list[str]:
        """Return the addresses that a selector's finds lead to, as written."""
        nodes, said = self._found(selector)
        return [
            text
            for each in (*(node.attributes.get("href") or "" for node in nodes), *said)
            if (text := each.strip())
        ]

    def _found(self, selector: str) -> Found:
        if not selector.startswith(XPATH):
            return self.tree.css(selector), []
        if self._mirror is None:
            self._mirror = mirror(self.tree)
        root, nodes = self._mirror
        return _sorted_out(compiled(selector.removeprefix(XPATH))(root), nodes)


def _said(node: Node) -> str:
    given = node.attributes
    return next((value for name in _FACTS if (value := given.get(name))), None) or words(node)


def _sorted_out(result: Any, nodes: dict[Any, Node]) -> Found:
    if not isinstance(result, list):
        return [], [result] if isinstance(result, str) else []
    return (
        [nodes[each] for each in result if each in nodes],
        [str(each) for each in result if isinstance(each, str)],
    )


@lru_cache(maxsize=512)
def compiled(expression: str) -> Any:
    """Return an XPath expression ready to be asked; ValueError where it is none."""
    from lxml import etree

    try:
        return _quiet(etree.XPath(expression))
    except etree.XPathError as error:
        raise ValueError(f"{expression!r} is no XPath expression ({error})") from error


def _quiet(ask: Any) -> Any:
    """Return an expression that finds nothing where it means nothing, as with a function nobody knows."""
    from lxml import etree

    def asked(root: Any) -> Any:
        try:
            return ask(root)
        except etree.XPathError:
            return []

    return asked


def gives_words(expression: str) -> bool:
    """Say whether an XPath expression makes a text, as with concat(), instead of finding something."""
    from lxml import etree

    return isinstance(compiled(expression)(etree.Element("html")), str)


def mirror(tree: Tree) -> tuple[Any, dict[Any, Node]]:
    """Return the same tree as lxml has it, and the node behind each of its elements."""
    from lxml import etree

    root = etree.Element("html")
    if tree.root is None:
        return root, {}
    nodes: dict[Any, Node] = {root: tree.root}
    _set(root, tree.root)
    waiting = [(root, tree.root)]
    while waiting:
        element, node = waiting.pop()
        last: Any = None
        for child in children(node):
            if kind(child).startswith("-"):
                last = _write(element, last, child.text(deep=False) or "" if child.is_text_node else "")
            else:
                last = etree.SubElement(element, _ODD.sub("-", kind(child)))
                _set(last, child)
                nodes[last] = child
                waiting.append((last, child))
    return root, nodes


def _write(element: Any, last: Any, text: str) -> Any:
    if last is None:
        element.text = (element.text or "") + text
    else:
        last.tail = (last.tail or "") + text
    return last


def _set(element: Any, node: Node) -> None:
    for name, value in node.attributes.items():
        if not _ODD.search(name) and not name[0].isdecimal() and name[0] not in "-.":
            element.set(name, value or "")


def objection(selector: str) -> str | None:
    """Return what is wrong with a selector, or None."""
    if selector.startswith(XPATH):
        try:
            compiled(selector.removeprefix(XPATH))
        except ValueError as error:
            return str(error)
        return None
    try:
        Tree("<p>").css(selector)
    except SelectolaxError:
        return f"{selector!r} is no CSS selector. Write it as in a style sheet, or XPath as 'xpath://div'"
    return None
