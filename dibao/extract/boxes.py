"""Blocks that hold blocks: lists, quotations, tables, figures. Each becomes what a reader sees of it."""

import re
from collections.abc import Iterable

from dibao.extract import policy
from dibao.extract.tree import Node

_DEEPEST = 32  # boxes in each other; what is deeper stands without one
_LONGEST_CAPTION = 400  # characters with their markup, of text beside a picture that nobody calls its caption
_LAYOUT = 5  # blocks in one cell: such a table is there to set a page
_LISTS = ("<ul", "<ol")
_BOXES_WORDS = "ul ol li dl dt dd blockquote table caption thead tbody tfoot tr td th figure figcaption"
BOXES = frozenset(_BOXES_WORDS.split())
_FILM = re.compile(r"<p><a [^>]*>[^<]*</a></p>")


class Box:
    """A block that is open, and the finished blocks in it. By itself it is a quotation, or the whole."""

    def __init__(self, tag: str, outer: "Box | None" = None) -> None:
        self.tag = tag
        self.outer: Box = outer or self
        self.depth: int = outer.depth + 1 if outer else 0
        self.blocks: list[str] = []
        self.ruled = False

    def add(self, block: str) -> None:
        """Take in a finished block."""
        if self.ruled and self.blocks:
            self.blocks.append("<hr>")
        self.ruled = False
        self.blocks.append(block)

    def add_all(self, blocks: Iterable[str]) -> None:
        """Take in finished blocks."""
        for block in blocks:
            if block == "<hr>":
                self.rule()
            else:
                self.add(block)

    def rule(self) -> None:
        """Take in a rule, which is written when something follows."""
        self.ruled = True

    def picture(self, image: str) -> None:
        """Take in a picture that stands alone."""
        self.add(f"<figure>{image}</figure>")

    def close(self) -> None:
        """Stand what this became in the box around it; what is empty becomes nothing."""
        if self.blocks:
            self.outer.add(f"<{self.tag}>{''.join(self.blocks)}</{self.tag}>")


class Item(Box):
    """An item of a list: text, or blocks."""

    def close(self) -> None:
        """Stand the item in its list."""
        if self.blocks:
            self.outer.add(f"<{self.tag}>{content(self.blocks)}</{self.tag}>")


class List(Box):
    """A list: nothing but items."""

    def __init__(self, tag: str, outer: Box, start: str = "") -> None:
        super().__init__(tag, outer)
        self.start = start
        self.item = "dd" if tag == "dl" else "li"
        self.items: list[list[str]] = []  # each without its end tag, since lists may follow in it
        self.is_list = False

    def add(self, block: str) -> None:
        """Take in an item. A list without one belongs to the item before it; other blocks become one."""
        self.blocks.append(block)
        if block.startswith(("<li>", "<dt>", "<dd>")):
            self.is_list = True
            self.items.append([block[:-5], block[-5:]])
        elif self.items and block.startswith(_LISTS) and self.item == "li":
            self.items[-1].insert(-1, block)
        else:
            self.items.append([f"<{self.item}>{content([block])}", f"</{self.item}>"])

    def rule(self) -> None:
        """Leave a rule out: it would be an item."""

    def close(self) -> None:
        """Stand the list in the box around it; one without items was only there to indent."""
        if self.is_list:
            items = "".join(part for item in self.items for part in item)
            self.outer.add(f"<{self.tag}{self.start}>{items}</{self.tag}>")
        else:
            self.outer.add_all(self.blocks)


class Figure(Box):
    """Pictures with their caption, or anything else that has one."""

    def __init__(self, outer: Box, *, is_framed: bool, is_bare: bool) -> None:
        super().__init__("figure", outer)
        self.is_framed = is_framed  # by us: what it holds is no text even where it has no picture
        self.is_bare = is_bare  # as we write them: so was a film without a picture
        self.images: list[str] = []
        self.said: list[str] = []

    def picture(self, image: str) -> None:
        """Take in a picture, once."""
        if image not in self.images[-8:]:
            self.images.append(image)

    def close(self) -> None:
        """Stand pictures and caption in the box around it as one, and what else was here after them."""
        said, others, is_called = self.said, self.blocks, bool(self.said)
        if not said and _may_be_caption(others):
            said, others = others, []
        is_ours = self.is_framed or (self.is_bare and is_called and not others)
        if not self.images and (self.is_framed or self.is_bare) and _is_film(self.blocks):
            self.outer.add(f"<figure>{''.join([*others, *said])}</figure>")
        elif self.images or (said and is_ours):
            caption = f"<figcaption>{content(said)}</figcaption>" if said else ""
            self.outer.add(f"<figure>{''.join(self.images)}{caption}</figure>")
            self.outer.add_all(others)
        else:
            self.outer.add_all([*others, *said])


class Caption(Box):
    """The caption of a figure."""

    def __init__(self, figure: Figure) -> None:
        super().__init__("figcaption", figure)
        self.figure = figure

    def add(self, block: str) -> None:
        """Take in what is said; no figure stands in another."""
        (self.figure.blocks if "<figure>" in block else self.figure.said).append(block)

    def picture(self, image: str) -> None:
        """Hand a picture to the figure."""
        self.figure.picture(image)

    def close(self) -> None:
        """Do nothing: the figure has it all."""


class Table(Box):
    """A table, or what was only set as one."""

    def __init__(self, outer: Box) -> None:
        super().__init__("table", outer)
        self.rows: list[tuple[bool, list[Cell]]] = []  # in the head?, cells
        self.said: list[str] = []

    def close(self) -> None:
        """Stand the table in the box around it; of one that only sets a page, what its cells hold."""
        self.outer.add_all(self.blocks)
        cells = [cell for _, row in self.rows for cell in row]
        spanning = any("rowspan" in cell.spans for cell in cells)
        rows = [each for each in self.rows if spanning or any(cell.blocks for cell in each[1])]
        if _is_layout(rows):
            self.outer.add_all([*self.said, *(block for cell in cells for block in cell.blocks)])
        elif any(cell.blocks for cell in cells):
            caption = f"<caption>{content(self.said)}</caption>" if self.said else ""
            head, body = (
                "".join(_row(row) for is_head, row in rows if is_head is part) for part in (True, False)
            )
            head, body = head and f"<thead>{head}</thead>", body and f"<tbody>{body}</tbody>"
            self.outer.add(f"<table>{caption}{head}{body}</table>")


class Part(Box):
    """Head, body, caption or row of a table; what stands beside its cells is handed on."""

    def __init__(self, tag: str, outer: Box, table: Table) -> None:
        super().__init__(tag, outer)
        self.table = table
        self.cells: list[Cell] = []

    def add(self, block: str) -> None:
        """Take in what a caption says, and hand on what has no place here."""
        is_said = self.tag == "caption" and block.startswith("<p>")
        (self.table.said if is_said else self.table.blocks).append(block)

    def rule(self) -> None:
        """Leave a rule out."""

    def close(self) -> None:
        """Stand a row in its table."""
        if self.cells:
            self.table.rows.append((self.outer.tag == "thead", self.cells))


class Cell(Box):
    """A cell of a table."""

    def __init__(self, tag: str, row: Part, spans: str) -> None:
        super().__init__(tag, row)
        self.spans = spans
        row.cells.append(self)

    def close(self) -> None:
        """Do nothing: the row has it."""


def box(name: str, node: Node, outer: Box) -> Box | None:
    """Return the box that an element of `BOXES` is in this place, or None where it is none."""
    match name, outer:
        case (("ul" | "ol" | "dl" | "blockquote" | "table" | "figure"), _):
            return _free(name, node, outer) if outer.depth < _DEEPEST else None
        case "li", List(tag="ul" | "ol"):
            return Item(name, outer)
        case (("dt" | "dd"), List(tag="dl")):
            return Item(name, outer)
        case "figcaption", Figure():
            return Caption(outer)
        case (("caption" | "thead" | "tbody" | "tfoot" | "tr"), Table()):
            return Part(name, outer, outer)
        case "tr", Part(tag="thead" | "tbody" | "tfoot"):
            return Part(name, outer, outer.table)
        case (("td" | "th"), Part(tag="tr")):
            return Cell(name, outer, policy.spans(node))
    return None


def _free(name: str, node: Node, outer: Box) -> Box:
    """Return a box that may stand anywhere."""
    if name == "table":
        return Table(outer)
    if name == "figure":
        return Figure(outer, is_framed="data-framed" in node.attributes, is_bare=not node.attributes)
    if name == "blockquote":
        return Box(name, outer)
    return List(name, outer, policy.start(node) if name == "ol" else "")


def content(blocks: list[str]) -> str:
    """Return what an item or cell holds: a paragraph that is alone, or before lists, without its tags."""
    if blocks and blocks[0].startswith("<p>") and all(block.startswith(_LISTS) for block in blocks[1:]):
        return blocks[0][3:-4] + "".join(blocks[1:])
    return "".join(blocks)


def _is_film(blocks: list[str]) -> bool:
    """Say whether blocks are a link alone and what is said of it."""
    return bool(blocks and _FILM.fullmatch(blocks[0]))


def _may_be_caption(blocks: list[str]) -> bool:
    return all(block.startswith("<p>") for block in blocks) and sum(map(len, blocks)) <= _LONGEST_CAPTION


def _is_layout(rows: list[tuple[bool, list[Cell]]]) -> bool:
    """Say whether a table has one column, or another table or a whole text in a cell."""
    if max((len(row) for _, row in rows), default=0) < 2:
        return True
    return any(
        len(cell.blocks) >= _LAYOUT or any(block.startswith("<table>") for block in cell.blocks)
        for _, row in rows
        for cell in row
    )


def _row(cells: list[Cell]) -> str:
    return f"<tr>{''.join(f'<{c.tag}{c.spans}>{content(c.blocks)}</{c.tag}>' for c in cells)}</tr>"
