"""What may stand in an article's HTML: the one allow-list, which `write` emits and nothing else.

`POLICY` is its number. It is stored with what was written under it, and raised whenever something is no
longer allowed, so that older rows are cleaned again before they are published.
"""

import re

from dibao.extract.tree import Node, attribute, names
from dibao.urls import absolute, untracked

POLICY = 1  # 0: what was kept before policies had numbers

_TAGS_WORDS = (
    "p h2 h3 h4 ul ol li dl dt dd blockquote pre code table caption thead tbody tr th td figure figcaption "
    "img a em strong del ins br hr sub sup ruby rt rp"
)
TAGS = frozenset(_TAGS_WORDS.split())
ATTRIBUTES = {
    "a": frozenset({"href"}),  # and REL, on each
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
}
SCHEMES = frozenset({"http", "https"})
REL = "noopener noreferrer nofollow"

_NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.A)
_MOST_SPANNED = 1000  # rows or columns; the HTML standard's own limit for columns
_DOT = 3  # pixels: nobody puts a picture so small there to be looked at
_PIXEL = re.compile(
    r"[/_.-](?:pixel|1x1|beacon|spacer|blank|clear|transparent)(?:[_-]?(?:gif|img|image|px|1x1|\d{1,3}))?\.(?:gif|png)(?:[?#]|$)",
    re.I,
)
_EMOJI = re.compile(r"(?<![a-z])(?:emoji|wp-smiley|smiley|emoticon)s?(?![a-z])")
_LONGEST_EMOJI = 12  # characters of "👩‍👩‍👧‍👦" are 7


def opening(tag: str, node: Node, base: str | None) -> str | None:
    """Return the start tag that an inline element is written with, or None where it says nothing."""
    if tag != "a":
        return f"<{tag}>"
    link = absolute(base, attribute(node, "href"))
    return f'<a href="{quoted(untracked(link))}" rel="{REL}">' if link else None


def image(node: Node, base: str | None) -> str | None:
    """Return a picture's tag, or None for one without a safe address or with nothing to see."""
    said = node.attributes
    link = absolute(base, said.get("src"))
    if link is None or _is_pixel(link, said.get("width"), said.get("height")):
        return None
    sizes = "".join(
        f' {name}="{size}"' for name in ("width", "height") if _NUMBER.fullmatch(size := said.get(name) or "")
    )
    alt = quoted(" ".join((said.get("alt") or "").split()))
    return f'<img src="{quoted(untracked(link))}" alt="{alt}"{sizes}>'


def _is_pixel(link: str, *sizes: str | None) -> bool:
    """Say whether a picture is there to count readers, or to keep others apart."""
    tiny = any(size and size.isascii() and size.isdigit() and int(size[:6]) <= _DOT for size in sizes)
    return tiny or bool(_PIXEL.search(link))


def emoji(node: Node) -> str | None:
    """Return the sign that a small picture in the text stands for, or None."""
    alt = attribute(node, "alt").strip()
    sign = 0 < len(alt) <= _LONGEST_EMOJI and not any(letter.isalnum() for letter in alt)
    return alt if sign and _EMOJI.search(names(node)) else None


def spans(node: Node) -> str:
    """Return how many columns and rows a cell spans, as attributes."""
    said = node.attributes
    found = ((name, said.get(name) or "") for name in ("colspan", "rowspan"))
    return "".join(
        f' {name}="{size}"'
        for name, size in found
        if _NUMBER.fullmatch(size) and 1 < int(size) <= _MOST_SPANNED
    )


def start(node: Node) -> str:
    """Return where a numbered list begins, as an attribute."""
    said = attribute(node, "start")
    return f' start="{said}"' if said != "1" and _NUMBER.fullmatch(said) else ""


def escaped(text: str) -> str:
    """Return text as it is written between tags."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\xa0", "&nbsp;") if "\xa0" in text else text


def quoted(text: str) -> str:
    """Return text as it is written in a quoted attribute."""
    return escaped(text).replace('"', "&quot;")
