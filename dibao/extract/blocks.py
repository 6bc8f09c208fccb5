"""A page as its blocks of text and the boxes around them: one walk over the tree, nothing copied."""

import re
from dataclasses import dataclass, field

from dibao.extract.signs import BIT, signs
from dibao.extract.tree import BLOCKS, Node

_DENSE = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7a3]")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong", "em", "i"))
_ARTICLE = BIT["article"]
_DEEPEST = 120  # boxes in each other, or inline elements; what is deeper counts to the last


class Box:
    """An element that starts a line of its own; its blocks are those from ``start`` up to ``end``.

    Those boxes stand in it that come after its own ``place``, up to ``last``.
    """

    __slots__ = ("above", "depth", "end", "last", "node", "own", "parent", "place", "start", "style", "tag")

    def __init__(self, node: Node, tag: str, parent: "Box | None", place: int, start: int) -> None:
        attributes = node.attributes
        style = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip() if attributes else ""
        self.node, self.tag, self.parent, self.style = node, tag, parent, style
        self.place, self.start, self.end, self.last = place, start, start, place
        self.own: int = 0  # the page as a whole says "has-sidebar" and the like: that counts for nothing
        self.above: int = 0
        self.depth: int = 0
        if parent is not None:
            self.own = signs(tag, style, attributes)
            self.above = self.own | parent.above
            self.depth = parent.depth + 1


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


@dataclass(slots=True)
class _Run:
    """What was read since the last break."""

    texts: list[tuple[int, str, bool, bool]] = field(default_factory=list)  # mem_id, text, linked, bold
    links: int = 0
    breaks: int = 0


class Walk:
    """The blocks and boxes of a page, in document order. Navigation and the page's footer are passed by."""

    def __init__(self, body: Node) -> None:
        self.boxes: list[Box] = []
        self.blocks: list[Block] = []
        self.passed: list[int] = []  # `mem_id` of what was not looked into
        self._run = _Run()
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
                self._text(node, linked, bold)
            elif tag in BLOCKS:
                self._break(box)
                if box.depth < _DEEPEST:
                    self._block(node, tag, box, linked, bold)
                else:
                    self._flat(node, box, linked, bold)
            elif tag == "br":
                self._line_break(node, box)
            elif tag[0] != "-":
                self._run.links += tag == "a"
                self._inline(node, box, linked or tag == "a", bold or tag in _BOLD)
            node = node.next

    def _block(self, node: Node, tag: str, box: Box, linked: bool, bold: bool) -> None:
        if tag == "figure" and "data-framed" in node.attributes:
            self.blocks.append(Block(box, [node.mem_id], figure=node))
        elif tag != "nav" and (tag != "footer" or box.above & _ARTICLE):
            self._enter(node, tag, box, linked=linked, bold=bold or tag in _HEADINGS)
        else:
            self.passed.append(node.mem_id)

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
                self._text(below, linked, bold)
            elif below.tag in BLOCKS:
                self._break(box)
        self._break(box)

    def _text(self, node: Node, linked: bool, bold: bool) -> None:
        text, run = node.text_content, self._run
        if text and (run.texts or not text.isspace()):
            run.texts.append((node.mem_id, text, linked, bold))
            if run.breaks and not text.isspace():
                run.breaks = 0

    def _line_break(self, node: Node, box: Box) -> None:
        """Two line breaks in a row end a paragraph."""
        run = self._run
        run.breaks += 1
        if run.breaks > 1:
            self._break(box)
        elif run.texts:
            run.texts.append((node.mem_id, " ", False, False))

    def _break(self, box: Box) -> None:
        run = self._run
        if run.texts:
            text = " ".join("".join([part[1] for part in run.texts]).split())
            if text:
                self.blocks.append(_block_of(box, run, text))
            run.texts = []
        run.links = run.breaks = 0


def _block_of(box: Box, run: _Run, text: str) -> Block:
    linked = sum([len(part[1].strip()) for part in run.texts if part[2]])
    bold = sum([len(part[1].strip()) for part in run.texts if part[3]])
    whole = len(text)
    nodes = [part[0] for part in run.texts]
    links = run.links or bool(linked)  # or what is around the block is a link
    return Block(box, nodes, text, int(links), min(1.0, linked / whole), min(1.0, bold / whole))


def units(text: str) -> float:
    """Return the length of a text in words of six letters; an ideograph counts for 0.6 of one."""
    if text.isascii():
        return len(text) / 6
    dense = len(_DENSE.findall(text))
    return (len(text) - dense) / 6 + dense * 0.6
