"""The one allow-list: whatever leaves this room as HTML has been written by `clean` and passed nh3."""

import re
from collections.abc import Iterator
from html import escape, unescape

import nh3

from dibao.extract.tree import BLOCKS, Node, Tree, attribute, children, kind
from dibao.hazards import objection
from dibao.text import printable
from dibao.urls import absolute

_TAGS_WORDS = (
    "p h2 h3 h4 ul ol li blockquote pre code table thead tbody tr th td figure figcaption img a em "
    "strong br hr sub sup ruby rt rp"
)
TAGS = frozenset(_TAGS_WORDS.split())
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}}

_SILENT_WORDS = (
    "script style template noscript iframe object embed applet svg math canvas audio video textarea "
    "select option button input title head noembed noframes xmp plaintext frameset dialog map"
)
_SILENT = frozenset(_SILENT_WORDS.split())
_SAME = {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "b": "strong",
    "i": "em",
    "cite": "em",
    "dl": "ul",
    "dt": "li",
    "dd": "li",
}
_INLINE = frozenset(["a", "em", "strong", "sub", "sup", "code", "ruby", "rt", "rp"])
_NESTS = frozenset(
    ["ul", "ol", "blockquote", "table", "thead", "tbody", "tr", "figure"]
)  # holds blocks, never bare text
_CELLS = frozenset(["li", "th", "td", "figcaption"])  # holds text, or blocks
_LINES = frozenset(["p", "h2", "h3", "h4"])  # holds text only
_BLOCK_SELECTOR = ",".join(sorted(BLOCKS - {"html", "body"})) + ",img"
_DEEPEST = 200  # recursion; the guard lets no more than 512 elements through
_MOST_ENTITIES = 200_000  # nh3's time grows with the square of their number

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BREAKS = re.compile(r"(?:\s*<br>\s*){2,}")
_EDGES = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_PARAGRAPH = frozenset(["p", "h2", "h3", "h4", "ul", "ol", "blockquote", "pre", "table", "hr"])
_LINE = frozenset(["li", "tr", "br"])


def clean(html: str, base: str | None = None) -> str:
    """Return the HTML with nothing but the allow-list, text in paragraphs, and links made absolute.

    Empty where nothing is left, and for input that would take a parser too long.
    """
    if objection(html):
        return ""
    body = Tree(printable(html)).body
    return scrub("".join(_flow(children(body), base, 0))) if body is not None else ""


def scrub(html: str) -> str:
    """Return what nh3 leaves of HTML that was written by this room."""
    if html.count("&") > _MOST_ENTITIES:
        return ""
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_only_web,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _only_web(tag: str, name: str, value: str) -> str | None:
    if name in ("href", "src"):
        return value if absolute(None, value) else None
    if name in ("width", "height"):
        return value if value.isascii() and value.isdigit() else None
    return value


# --- writing ------------------------------------------------------------------------------------


def _flow(nodes: list[Node], base: str | None, depth: int) -> Iterator[str]:
    """Yield blocks; text and inline elements between them become paragraphs."""
    line: list[str] = []
    for node in nodes:
        if _is_block(node):
            yield from _paragraphs("".join(line))
            line.clear()
            yield from _block(node, base, depth + 1)
        else:
            line.append(_inline(node, base, depth + 1))
    yield from _paragraphs("".join(line))


def _is_block(node: Node) -> bool:
    """Say whether a node is a block, or an inline element around one."""
    name = kind(node)
    if name.startswith("-") or name in _SILENT:
        return False
    return name in BLOCKS or name in ("img", "amp-img") or _holds_block(node)


def _holds_block(node: Node) -> bool:
    return any(found.mem_id != node.mem_id for found in node.css(_BLOCK_SELECTOR)[:2])


def _block(node: Node, base: str | None, depth: int) -> Iterator[str]:
    name = _SAME.get(kind(node), kind(node))
    if depth > _DEEPEST:
        yield from _paragraphs(escape(node.text() or ""))
    elif name in ("img", "amp-img"):
        yield _figure(_image(node, base))
    elif name == "hr":
        yield "<hr>"
    elif name == "pre":
        yield _wrap("pre", escape((node.text() or "").strip("\n")))
    elif name == "figure":
        yield _figure("".join(_flow(children(node), base, depth)))
    elif name in _NESTS:
        yield _wrap(name, "".join(_members(node, name, base, depth)))
    elif name in _CELLS:
        yield _wrap(name, _cell(node, base, depth))
    elif name in _LINES and not _holds_block(node):
        yield from _paragraphs(_inside(node, base, depth), name)
    else:
        yield from _flow(children(node), base, depth)


def _members(node: Node, name: str, base: str | None, depth: int) -> Iterator[str]:
    """Yield what may stand in a list or table; anything else is wrapped, so that no text is lost."""
    wanted = {"ul": ("li",), "ol": ("li",), "tr": ("td", "th"), "blockquote": ()}.get(name)
    if wanted == ():
        yield from _flow(children(node), base, depth)
        return
    for child in children(node):
        own = _SAME.get(kind(child), kind(child))
        if wanted is None or own in wanted:
            yield from _block(child, base, depth + 1) if _is_block(child) else ()
        elif own not in _SILENT:
            yield _wrap(wanted[0], "".join(_flow([child], base, depth + 1)))


def _cell(node: Node, base: str | None, depth: int) -> str:
    written = "".join(_flow(children(node), base, depth))
    alone = written.count("<p>") == 1 and written.startswith("<p>") and written.endswith("</p>")
    return written[3:-4] if alone else written


def _figure(inside: str) -> str:
    """Return one picture and its caption as a figure; a figure of anything else is only what it holds."""
    inner = re.sub(r"</?figure>", "", inside)
    return f"<figure>{inner}</figure>" if "<img" in inner else re.sub(r"figcaption>", "p>", inner)


def _inline(node: Node, base: str | None, depth: int) -> str:
    name = _SAME.get(kind(node), kind(node))
    if name == "-text":
        return escape(_SPACE.sub(" ", node.text_content or ""), quote=False)
    if name == "br":
        return "<br>"
    if name.startswith("-") or name in _SILENT:
        return ""
    if depth > _DEEPEST:
        return escape(node.text() or "", quote=False)
    inside = _inside(node, base, depth)
    if name == "a":
        return _link(node, inside, base)
    return f"<{name}>{inside}</{name}>" if name in _INLINE and inside.strip() else inside


def _inside(node: Node, base: str | None, depth: int) -> str:
    return "".join(_inline(child, base, depth + 1) for child in children(node))


def _link(node: Node, inside: str, base: str | None) -> str:
    link = absolute(base, attribute(node, "href"))
    return f'<a href="{escape(link)}">{inside}</a>' if link and inside.strip() else inside


def _image(node: Node, base: str | None) -> str:
    link = absolute(base, attribute(node, "src"))
    if not link:
        return ""
    sizes = [(name, attribute(node, name)) for name in ("width", "height")]
    written = "".join(f' {name}="{size}"' for name, size in sizes if size.isascii() and size.isdigit())
    return f'<img src="{escape(link)}" alt="{escape(attribute(node, "alt"))}"{written}>'


def _paragraphs(line: str, tag: str = "p") -> Iterator[str]:
    """Yield the line as paragraphs; two line breaks in a row part them."""
    for part in _BREAKS.split(line):
        text = _EDGES.sub("", part)
        if _TAG.sub("", text).strip():
            yield f"<{tag}>{text}</{tag}>"


def _wrap(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag}>" if inside.strip() or tag in ("td", "th") else ""


# --- reading ------------------------------------------------------------------------------------


def to_text(html: str) -> str:
    """Return clean HTML as plain text, paragraphs apart by a blank line.

    Figures are left out: their words are the captions in `Article.media`. Table cells are apart by a tab.
    """
    prose = re.sub(r"<figure>.*?</figure>|<rp>.*?</rp>|<rt>.*?</rt>", "", html, flags=re.S)
    text = unescape(_TAG.sub(_space, prose))
    paragraphs = (re.sub(r"[ \t]*\n[ \t]*", "\n", part).strip() for part in text.split("\x00"))
    return "\n\n".join(part for part in paragraphs if part)


def _space(tag: re.Match[str]) -> str:
    name, end = tag[2], bool(tag[1])
    if name in _PARAGRAPH:
        return "\x00"
    if name in _LINE:
        return "\n" if name == "br" or end else ""
    return "\t" if name in ("td", "th") and end else ""
