"""A page as its blocks of text and the boxes around them: one walk over the tree, nothing copied."""

import re
from dataclasses import dataclass

from dibao.extract.signs import signs
from dibao.extract.tree import BLOCKS, Node

_DENSE = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7a3]")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong", "em", "i"))
_DEEPEST = 120  # boxes in each other, or inline elements; what is deeper counts to the last


class Box:
    """An element that starts a line of its own; its blocks are those from ``start`` up to ``end``.

    Those boxes stand in it that come after its own ``place``, up to ``last``.
    """

    __slots__ = ("above", "depth", "end", "last", "node", "own", "parent", "place", "start", "style", "tag")

    def __init__(self, node: Node, tag: str, parent: "Box | None", place: int, start: int) -> None:
        attributes = node.attributes
        self.node, self.tag, self.parent, self.style = node, tag, parent, _style(attributes)
        self.place, self.start, self.end, self.last = place, start, start, place
        self.own: int = 0  # the page as a whole says "has-sidebar" and the like: that counts for nothing
        self.above: int = 0
        self.depth: int = 0
        if parent is not None:
            self.own = signs(tag, self.style, attributes)
            self.above = self.own | parent.above
            self.depth = parent.depth + 1


def _style(attributes: dict[str, str | None]) -> str:
    """Return an element's classes and id."""
    classes, name = attributes.get("class") or "", attributes.get("id") or ""
    return f"{classes} {name}".strip() if name else classes.strip()


@dataclass(slots=True)
class Block:
    """A run of text without a break in it; or a framed figure, without text."""

    box: Box
    nodes: list[int]  # `mem_id` of its texts
    text: str = ""
    links: int = 0
    linked: float = 0.0  # share of its characters that are links
    bold: float = 0.0
    figure: Node | None = None


_Part = tuple[int, str, bool, bool]  # of a block: `mem_id`, text, linked, bold


class Walk:
    """The blocks and boxes of a page, in document order."""

    def __init__(self, body: Node) -> None:
        self.boxes: list[Box] = []
        self.blocks: list[Block] = []
        self._parts: list[_Part] = []  # what was read since the last break
        self._links = self._breaks = 0  # since then
        self._deep = 0  # inline elements around this place
        self._enter(body, "body", None, linked=False, bold=False)

    def _enter(self, node: Node, tag: str, parent: Box | None, *, linked: bool, bold: bool) -> None:
        box = Box(node, tag, parent, len(self.boxes), len(self.blocks))
        self.boxes.append(box)
        self._visit(node, box, linked, bold)
        self._break(box)
        box.end, box.last = len(self.blocks), len(self.boxes)

    def _visit(self, element: Node, box: Box, linked: bool, bold: bool) -> None:
        node = element.first_child
        while node is not None:
            tag = node.tag or "-"
            if tag == "-text":
                text = node.text_content
                if text and (self._parts or not text.isspace()):
                    self._text(node, text, linked, bold)
            elif tag in BLOCKS:
                self._break(box)
                if box.depth < _DEEPEST:
                    self._block(node, tag, box, linked, bold)
                else:
                    self._flat(node, box, linked, bold)
            elif tag == "br":
                self._line_break(node, box)
            elif tag[0] != "-":
                self._links += tag == "a"
                self._inline(node, box, linked or tag == "a", bold or tag in _BOLD)
            node = node.next

    def _block(self, node: Node, tag: str, box: Box, linked: bool, bold: bool) -> None:
        if tag == "figure" and "data-framed" in node.attributes:
            self.blocks.append(Block(box, [node.mem_id], figure=node))
        else:
            self._enter(node, tag, box, linked=linked, bold=bold or tag in _HEADINGS)

    def _inline(self, node: Node, box: Box, linked: bool, bold: bool) -> None:
        self._deep += 1
        if self._deep < _DEEPEST:
            self._visit(node, box, linked, bold)
        else:
            self._flat(node, box, linked, bold)
        self._deep -= 1

    def _flat(self, node: Node, box: Box, linked: bool, bold: bool) -> None:
        """Take all texts below an element as the box's own: no author nests like that."""
        for below in node.traverse(include_text=True):
            if below.tag == "-text":
                text = below.text_content
                if text and (self._parts or not text.isspace()):
                    self._text(below, text, linked, bold)
            elif below.tag in BLOCKS:
                self._break(box)
        self._break(box)

    def _text(self, node: Node, text: str, linked: bool, bold: bool) -> None:
        self._parts.append((node.mem_id, text, linked, bold))
        if self._breaks and not text.isspace():
            self._breaks = 0

    def _line_break(self, node: Node, box: Box) -> None:
        """Two line breaks in a row end a paragraph."""
        self._breaks += 1
        if self._breaks > 1:
            self._break(box)
        elif self._parts:
            self._parts.append((node.mem_id, " ", False, False))

    def _break(self, box: Box) -> None:
        if self._parts:
            text = " ".join("".join([part[1] for part in self._parts]).split())
            if text:
                self.blocks.append(_block_of(box, self._parts, self._links, text))
            self._parts = []
        self._links = self._breaks = 0


def _block_of(box: Box, parts: list[_Part], links: int, text: str) -> Block:
    linked = sum([len(part[1].strip()) for part in parts if part[2]])
    bold = sum([len(part[1].strip()) for part in parts if part[3]])
    whole = len(text)
    nodes = [part[0] for part in parts]
    links = links or int(linked > 0)  # or what is around the block is a link
    return Block(box, nodes, text, links, min(1.0, linked / whole), min(1.0, bold / whole))


def units(text: str) -> float:
    """Return the length of a text in words of six letters; an ideograph counts for 0.6 of one."""
    if text.isascii():
        return len(text) / 6
    dense = len(_DENSE.findall(text))
    return (len(text) - dense) / 6 + dense * 0.6
