"""All that a feed says, as nodes: for those who want what the named fields leave out."""

from dibao.feeds.elements import XML, Element, html, usual_name, words_of
from dibao.model import Node
from dibao.urls import absolute

_DEEPEST = 100  # levels; below them the markup of the last one says all
_CONTAINERS = frozenset(("rss", "rdf", "rdf:rdf", "feed", "channel", "item", "entry"))


def tree_of(root: Element, url: str) -> Node:
    """Return a document that stands at an address as nodes."""
    return _node(root, str(root.tag).rpartition("}")[0], url, None, _DEEPEST)


def _node(element: Element, home: str, base: str, language: str | None, depth: int) -> Node:
    name, here, said = (
        _name(element, home),
        absolute(base, element.get(f"{XML}base")),
        element.get(f"{XML}lang"),
    )
    spoken = language if said is None else said or None
    inner = [child for child in element if isinstance(child.tag, str)] if depth else []
    is_markup = len(element) > 0 and name not in _CONTAINERS
    return Node(
        name=name,
        text=(html(element) if is_markup else words_of(element, element.get("type", "").lower())) or "",
        is_markup=is_markup,
        attributes=tuple((usual_name(key, ""), str(value)) for key, value in element.attrib.items()),
        children=tuple(_node(child, home, here or base, spoken, depth - 1) for child in inner),
        base=here or base,
        language=spoken,
    )


def _name(element: Element, home: str) -> str:
    """Return an element's name in its usual prefix, or in the feed's own where none is usual."""
    name = usual_name(element.tag, home)
    return f"{(element.prefix or 'other').lower()}:{name[6:]}" if name.startswith("other:") else name
