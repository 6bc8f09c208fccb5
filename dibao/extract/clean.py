"""Nodes of a page as clean HTML: `write` emits the allow-list of `policy.py` and nothing else.

One walk, without recursion. Text opens what it needs (its paragraph, its links and emphasis), and each
block closes it again, so that nothing is empty, nothing is left open, and an inline element around
blocks stands in each of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from dibao.extract import policy
from dibao.extract.boxes import BOXES, Box, box
from dibao.extract.plaintext import to_text as to_text
from dibao.extract.policy import POLICY as POLICY
from dibao.extract.tree import BLOCKS, Node, Tree, children
from dibao.hazards import objection
from dibao.model import Article
from dibao.text import printable

_SILENT_WORDS = (
    "script style template noscript iframe object embed applet svg math canvas audio video textarea "
    "select option button input title head noembed noframes xmp plaintext frameset dialog map link meta"
)
_SILENT = frozenset(_SILENT_WORDS.split())
_PICTURES = frozenset(["img", "amp-img"])
_INLINE = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "s", "strike"), "del"),
    **{name: name for name in ("a", "ins", "sub", "sup", "ruby", "rt", "rp")},
}
_READINGS = ("rt", "rp")  # stand in a ruby, and not in each other
_LINES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])
_LONGEST_HEADING = 400  # characters with their markup: what has more is text that somebody made large
_QUOTES = (("“", "”"), ("‘", "’"))

_NO_WIDTH = re.compile("[\u200b\u2060\ufeff\xad]")
_BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace()) + "\u200b\u2060\ufeff\xad"
_WIDE = "\xa0\u3000"  # that mean something also where they stand alone
_SPACES = re.compile(r"[ \t\n\r\f\xa0]{2,}|[\t\n\r\f]")
_HEADING = re.compile(r"<(/?)h([1-6])>")

End = Callable[[], None]


def clean(html: str, base: str | None = None) -> str:
    """Return the HTML with nothing but the allow-list, text in paragraphs, and links made absolute.

    Empty where nothing is left, and for input that would take a parser too long.
    """
    if objection(html):
        return ""
    body = Tree(printable(html)).body
    return write(children(body), base) if body is not None else ""


def renewed(article: Article) -> Article:
    """Return an article whose HTML holds nothing but what is allowed today, whenever it was written."""
    if article.policy >= POLICY:
        return article
    return replace(article, html=clean(article.html, article.canonical_url), policy=POLICY)


def write(nodes: Iterable[Node], base: str | None = None, *, without: frozenset[int] = frozenset()) -> str:
    """Return nodes as clean HTML, in their order, without those whose ``mem_id`` is in ``without``.

    They may stand in a larger tree, which is not changed; none may stand in another.
    """
    writer = _Writer(base)
    under_way: list[tuple[Iterator[Node], End]] = [(iter(nodes), writer.flush)]
    while under_way:
        for node in under_way[-1][0]:
            name = node.tag or "-"
            if name == "-text":
                if not (without and node.mem_id in without):
                    writer.text(node.text_content or "")
            elif not (name.startswith("-") or name in _SILENT or (without and node.mem_id in without)):
                end = writer.element(name, node)
                if end is not None:
                    under_way.append((node.iter(include_text=True), end))
                    break
        else:
            under_way.pop()[1]()
    return writer.written()


class _Writer:
    """What is written so far: the boxes that are open, and the line that is being written."""

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.box = Box("")  # the page itself
        self.tag = "p"  # what the line is: a paragraph or a heading
        self.line: list[str] = []
        self.around: list[tuple[str, str]] = []  # inline elements around this place, and their start tags
        self.opened = 0  # of them, how many stand in the line
        self.space = ""  # between what was written and what comes
        self.breaks = 0
        self.quotes = 0
        self.mark = ""  # that begins a quotation, and waits for its text
        self.code: list[str] | None = None  # lines of a <pre>

    def written(self) -> str:
        """Return all of it, its headings from the second level down to the fourth."""
        html = printable("".join(self.box.blocks))
        levels = [level for level in range(1, 7) if f"<h{level}>" in html]
        raised = 2 - min(levels, default=2)
        if not raised and max(levels, default=2) <= 4:
            return html
        return _HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + raised, 4)}>", html)

    # --- elements -------------------------------------------------------------------------------

    def element(self, name: str, node: Node) -> End | None:
        """Begin an element and return what ends it, or None where what it holds is not to be written."""
        if name == "br":
            self.breaks += 1
        elif self.code is not None:
            return self.code_line if name in BLOCKS else _nothing
        elif name in _INLINE:
            return self.inline(_INLINE[name], node)
        elif name in _PICTURES:
            self.picture(node)
        elif name == "q":
            return self.quote()
        elif name in BLOCKS or name == "caption":
            return self.block(name, node)
        else:
            return _nothing
        return None

    def block(self, name: str, node: Node) -> End | None:
        """Begin a block: a box, a paragraph, or one that is only there for what it holds."""
        self.flush()
        if name == "hr":
            self.box.rule()
            return None
        if name == "pre":
            self.code = []
            return self.end_code
        inner = box(name, node, self.box) if name in BOXES else None
        if inner is not None:
            end = partial(self.end_box, inner, self.tag)
            self.box, self.tag = inner, "p"
            return end
        if name in _LINES:
            tag = self.tag
            self.tag = name if name != "p" or tag == "p" else tag
            return partial(self.end_line, tag)
        return self.flush

    def end_box(self, inner: Box, tag: str) -> None:
        """Close a box and stand what it became in the one around it."""
        self.flush()
        inner.close()
        self.box, self.tag = inner.outer, tag

    def end_line(self, tag: str) -> None:
        """Close a paragraph or heading."""
        self.flush()
        self.tag = tag

    def inline(self, tag: str, node: Node) -> End:
        """Begin an inline element; its tags are written when there is text in it."""
        inside = [name for name, _ in self.around]
        astray = tag in _READINGS and ("ruby" not in inside or "rt" in inside or "rp" in inside)
        opening = None if tag in inside or astray else policy.opening(tag, node, self.base)
        if opening is None:
            return _nothing
        self.around.append((tag, opening))
        return self.end_inline

    def end_inline(self) -> None:
        """Close the innermost inline element."""
        tag, _ = self.around.pop()
        if self.opened > len(self.around):
            self.line.append(f"</{tag}>")
            self.opened -= 1

    def quote(self) -> End:
        """Begin a quotation in the line: its marks are text, as a reader sees them."""
        begins, ends = _QUOTES[self.quotes % 2]
        self.quotes += 1
        self.mark += begins
        return partial(self.end_quote, ends)

    def end_quote(self, mark: str) -> None:
        """Write the mark that ends a quotation, unless nothing is quoted."""
        self.quotes -= 1
        if self.mark:
            self.mark = self.mark[:-1]
        elif self.line:
            self.line.append(mark)

    def picture(self, node: Node) -> None:
        """Write a picture, linked to where the page links it."""
        sign = policy.emoji(node)
        if sign:
            self.text(sign)
            return
        image = policy.image(node, self.base)
        if image is None:
            return
        self.flush()
        link = next((opening for tag, opening in self.around if tag == "a"), None)
        self.box.picture(f"{link}{image}</a>" if link else image)

    # --- lines ----------------------------------------------------------------------------------

    def text(self, text: str) -> None:
        """Write text; the spaces at its ends wait for what comes, since they may be a line's."""
        if self.code is not None:
            self.code.append("\n" * self.breaks + text)
            self.breaks = 0
            return
        if text.isspace():
            self.space = self.space or _between(text)
            return
        if not text.isprintable() or "  " in text:
            text = _SPACES.sub(" ", printable(text))
        core = text.lstrip(_BLANKS)
        if not core:
            self.space = self.space or _between(text)
            return
        self.space = self.space or _between(text[: len(text) - len(core)])
        self.begin()
        text = core.rstrip(_BLANKS)
        self.line.append(policy.escaped(self.mark + text))
        self.mark, self.space = "", _between(core[len(text) :])

    def begin(self) -> None:
        """Write what must stand before text: a line break or space, and the inline elements around it."""
        if self.breaks > 1 and self.line and self.tag == "p":
            self.flush()
        if self.line:
            self.line.append("<br>" if self.breaks else policy.escaped(self.space))
        self.breaks, self.space = 0, ""
        self.line += [opening for _, opening in self.around[self.opened :]]
        self.opened = len(self.around)

    def flush(self) -> None:
        """End the line."""
        if self.line:
            self.line += [f"</{tag}>" for tag, _ in reversed(self.around[: self.opened])]
            inside = "".join(self.line)
            tag = self.tag if len(inside) <= _LONGEST_HEADING else "p"
            self.box.add(f"<{tag}>{inside}</{tag}>")
            self.line, self.opened = [], 0
        self.breaks, self.space = 0, ""

    def code_line(self) -> None:
        """End a line of code that stands in a block of its own."""
        if self.code is not None:
            self.code.append("\n" * max(self.breaks, not "".join(self.code[-1:]).endswith("\n")))
            self.breaks = 0

    def end_code(self) -> None:
        """Close a <pre>."""
        lines = printable("".join(self.code or ())).replace("\r\n", "\n").replace("\r", "\n")
        self.code, self.breaks = None, 0
        if lines.strip():
            self.box.add(f"<pre>{policy.escaped(lines.strip(chr(10)))}</pre>")


def _between(space: str) -> str:
    """Return the white space that a reader sees between words, of which one may be in another element."""
    if space in ("", " "):
        return space
    seen = _NO_WIDTH.sub("", space)
    return seen if seen in _WIDE or not seen.strip("\u3000") else " "


def _nothing() -> None:
    pass
