"""Clean HTML into Markdown that CommonMark, goldmark (Hugo) and kramdown (Jekyll) read alike.

No raw HTML is written, since Hugo leaves it out.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dibao.publish.escape import destination, escape, inert, line_start
from dibao.publish.pieces import BREAK, SPACES, Done, Piece, Run, line
from dibao.text import printable

DEEPEST = 80  # below this many nested elements only the text is kept

_STRENGTH = ("", "*", "**", "~~", "`")  # of two marks on one text the stronger stays
_MARKS = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var", "figcaption", "caption"), "*"),
    **dict.fromkeys(("strong", "b", "summary", "dt"), "**"),
    **dict.fromkeys(("s", "del", "strike"), "~~"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "`"),
}
_ANY_BLOCK = (
    "address, article, aside, blockquote, caption, dd, details, div, dl, dt, figcaption, figure, footer, "
    "h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, section, summary, "
    "table, tbody, td, tfoot, th, thead, tr, ul"
)
_BLOCKS = frozenset(_ANY_BLOCK.split(", "))
_DROPPED = frozenset(("script", "style", "template", "head", "noscript"))
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def markdown(html: str) -> str:
    """Return clean HTML as Markdown; empty when there is nothing to read."""
    body = LexborHTMLParser(printable(html)).body
    return "\n\n".join(_blocks(body, 0)) if body else ""


# --- blocks -------------------------------------------------------------------------------------


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        if child.tag not in _DROPPED and not child.is_comment_node:
            yield child
        child = child.next


def _is_block(node: LexborNode) -> bool:
    if node.tag in _BLOCKS:
        return True
    return not node.is_text_node and node.css_first(_ANY_BLOCK) is not None


def _blocks(node: LexborNode, depth: int, mark: str = "") -> list[str]:
    blocks: list[str] = []
    for block, children in groupby(_children(node), key=_is_block):
        if block:
            blocks += [text for child in children for text in _block(child, depth + 1)]
        else:
            blocks += _paragraphs(piece for child in children for piece in _inline(child, mark, depth + 1))
    return blocks


def _block(node: LexborNode, depth: int) -> list[str]:
    if depth > DEEPEST:
        return _paragraphs([Run(node.text())])
    match node.tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return _heading(node, depth)
        case "ul" | "ol":
            return _list(node, depth)
        case "blockquote":
            return _quote(_blocks(node, depth))
        case "pre":
            return _code(node)
        case "table":
            return _table(node, depth)
        case "hr":
            return ["* * *"]
        case tag:
            return _blocks(node, depth, _MARKS.get(tag or "", ""))


def _paragraphs(pieces: Iterable[Piece]) -> list[str]:
    """Return a paragraph for each stretch between two or more line breaks."""
    found, stretch, breaks = [], list[Piece](), 0
    for piece in pieces:
        blank = isinstance(piece, Run) and not piece.text.strip(" \t\n\r\f")
        breaks = breaks + 1 if piece is BREAK else breaks if blank else 0
        stretch.append(piece)
        if breaks == 2:
            found.append(line(stretch))
            stretch = []
    return [text for text in (*found, line(stretch)) if text]


def _heading(node: LexborNode, depth: int) -> list[str]:
    level = max(2, int((node.tag or "h2")[1]))  # the first level is the post's own title
    node.unwrap_tags(["s", "del", "strike"])  # struck links in headings stop Hugo 0.111
    text = _flat(node, depth)
    return [f"{'#' * level} {text}"] if text else []


def _quote(blocks: list[str]) -> list[str]:
    lines = "\n\n".join(blocks).split("\n")
    return (
        ["\n".join(f"> {line}".rstrip(" ") if not line else f"> {line}" for line in lines)] if blocks else []
    )


def _list(node: LexborNode, depth: int) -> list[str]:
    first = node.attributes.get("start") or ""
    number = int(first) if first.isdecimal() and len(first) < 9 else 1
    items: list[tuple[str, list[str]]] = []
    for child in _children(node):
        blocks = _blocks(child, depth + 1) if not child.is_text_node else _paragraphs([Run(child.text())])
        if blocks and blocks[0].startswith("~~~"):  # kramdown wants no fence beside a marker
            blocks[0] = _set(blocks[0].split("\n")[1:-1])
        if blocks:
            marker = f"{number + len(items)}. " if node.tag == "ol" else "- "
            items.append((marker, blocks))
    apart = "\n\n" if any(len(blocks) > 1 for _, blocks in items) else "\n"
    return [apart.join(_hanging(*item) for item in items)] if items else []


def _hanging(marker: str, blocks: list[str]) -> str:
    lines = "\n\n".join(blocks).split("\n")
    return marker + "\n".join(
        " " * len(marker) + line if at and line else line for at, line in enumerate(lines)
    )


def _code(node: LexborNode) -> list[str]:
    for line_break in node.css("br"):
        line_break.replace_with("\n")
    text = re.sub("\r\n?", "\n", node.text()).strip("\n")
    if not text.strip():
        return []
    if not inert(text):
        return [_set(text.split("\n"))]
    fence = "~" * max(3, *(len(run) + 1 for run in re.findall("~+", text)), 3)
    return [f"{fence}\n{text}\n{fence}"]


def _set(lines: list[str]) -> str:
    return "  \n".join(line_start(escape(_fixed(line))) for line in lines)


def _fixed(line: str) -> str:
    """Return a line of code whose spaces stay when it is set as running text."""
    return re.sub("(?<= ) |^ ", "\u00a0", line.expandtabs(4).rstrip()) or "\u00a0"


# --- tables -------------------------------------------------------------------------------------


def _table(node: LexborNode, depth: int) -> list[str]:
    rows = list(_rows(node))
    if max(map(len, rows), default=0) < 2 or node.css_first("td table, td pre, td ul, td ol, td blockquote"):
        return _blocks_of_cells(node, depth)
    grid = _grid(rows, depth)
    titled = all(cell.tag == "th" for cell in rows[0])
    caption = [text for found in node.css("caption") for text in _block(found, depth)]
    width = max(map(len, grid))
    body = [cells + [""] * (width - len(cells)) for cells in grid]
    head = body.pop(0) if titled else [""] * width
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * width, *body)]
    return [*caption, "\n".join(lines)]


def _blocks_of_cells(node: LexborNode, depth: int) -> list[str]:
    return [text for child in _children(node) for text in _blocks(child, depth + 1)]


def _rows(table: LexborNode) -> Iterator[list[LexborNode]]:
    for row in table.css("tr"):
        cells = [cell for cell in _children(row) if cell.tag in ("td", "th")]
        if cells:
            yield cells


def _grid(rows: list[list[LexborNode]], depth: int) -> list[list[str]]:
    """Return the cells' Markdown in their columns: what spans several stands in its first."""
    below: dict[int, int] = {}  # column -> rows that a cell above still covers
    grid = []
    for row in rows:
        line: list[str] = []
        for cell in row:
            while below.get(len(line), 0) > 0:
                below[len(line)] -= 1
                line.append("")
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            below.update(dict.fromkeys(range(len(line), len(line) + across), down - 1))
            line += [line_start(_flat(cell, depth))] + [""] * (across - 1)
        grid.append(line)
    return grid


def _span(cell: LexborNode, name: str) -> int:
    said = cell.attributes.get(name) or ""
    return min(max(int(said), 1), 50) if said.isdecimal() and len(said) < 5 else 1


# --- lines --------------------------------------------------------------------------------------


def _flat(node: LexborNode, depth: int) -> str:
    """Return everything in a node on one line."""
    pieces: list[Piece] = []
    for child in _children(node):
        inside = _inline(child, "", depth + 1)
        pieces += [Run(" "), *inside, Run(" ")] if _is_block(child) else inside
    return line([Run(" ") if piece is BREAK else piece for piece in pieces], opening=False)


def _inline(node: LexborNode, mark: str, depth: int) -> list[Piece]:
    if node.is_text_node or depth > DEEPEST:
        return [Run(node.text(), mark)]
    match node.tag:
        case "br":
            return [BREAK]
        case "img":
            return _picture(node)
        case "a":
            return _link(node, mark, depth)
        case "ruby":
            return _ruby(node, mark, depth)
        case "video" | "audio":
            return _film(node)
        case "sup" | "sub":
            return _shifted(node, mark, depth)
        case "q":
            return [Run("“", mark), *_inside(node, mark, depth), Run("”", mark)]
        case tag:
            stronger = max(mark, _MARKS.get(tag or "", ""), key=_STRENGTH.index)
            return _inside(node, stronger, depth)


def _inside(node: LexborNode, mark: str, depth: int) -> list[Piece]:
    return [piece for child in _children(node) for piece in _inline(child, mark, depth + 1)]


def _picture(node: LexborNode) -> list[Piece]:
    url = destination(node.attributes.get("src"))
    alt = SPACES.sub(" ", node.attributes.get("alt") or "").strip()
    return [Done(f"![{escape(alt)}]({url})")] if url else [Run(alt)]


def picture(url: str, alt: str) -> str:
    """Return the Markdown of a picture, or its alternative text when the address can't be used."""
    target = destination(url)
    return f"![{escape(alt)}]({target})" if target else escape(alt)


def emphasised(text: str) -> str:
    """Return the Markdown of a line in italics."""
    return line([Run(text, "*")])


def _link(node: LexborNode, mark: str, depth: int) -> list[Piece]:
    inside = _inside(node, mark, depth)
    url, text = destination(node.attributes.get("href")), line(inside, opening=False)
    if not url or not text or BREAK in inside:
        return inside
    before, after = (Run(" " if _is_space(edge) else "") for edge in (inside[0], inside[-1]))
    return [before, Done(f"[{text}]({url})"), after]


def _is_space(piece: Piece) -> bool:
    return isinstance(piece, Run) and not piece.text.strip()


def _ruby(node: LexborNode, mark: str, depth: int) -> list[Piece]:
    """Return 漢字（かんじ）: the base, and its reading between the page's own brackets or ours."""
    bracketed = node.css_first("rp") is not None
    pieces: list[Piece] = []
    for child in _children(node):
        inside = _inline(child, mark, depth + 1)
        reading = child.tag in ("rt", "rtc") and not bracketed and bool(child.text().strip())
        pieces += [Run("（", mark), *inside, Run("）", mark)] if reading else inside
    return pieces


def _film(node: LexborNode) -> list[Piece]:
    sources = (node, *node.css("source"))
    url = next(filter(None, (destination(source.attributes.get("src")) for source in sources)), None)
    label = node.attributes.get("title") or (url or "").rpartition("/")[2]
    return [Done(f"[▶ {escape(label)}]({url})")] if url else []


def _shifted(node: LexborNode, mark: str, depth: int) -> list[Piece]:
    """Return small figures as Unicode has them, so that 10⁹ does not become 109."""
    table = _RAISED if node.tag == "sup" else _LOWERED
    text = node.text().strip()
    fits = text and all(ord(letter) in table for letter in text)
    return [Run(text.translate(table), mark)] if fits else _inside(node, mark, depth)
