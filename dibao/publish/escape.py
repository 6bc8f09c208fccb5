"""Text and addresses written so that no reader of Markdown takes them for anything else.

kramdown knows fewer backslash escapes than CommonMark, and both Jekyll (Liquid) and Hugo (shortcodes)
read braces before Markdown does; where a backslash won't do, a character reference stands.
"""

import re
from urllib.parse import quote

from dibao.text import printable

# Emphasis, links, code, HTML, tables; kramdown's and goldmark's typography (quotes, --, ..., <<);
# addresses that goldmark would link by itself; and braces.
_SPECIAL = re.compile(
    r"""[\\`*_\[\]<>#|"'{~]"""
    r"""|(?<=-)-|(?<=\.)\.|\$(?=\$)|(?<=\$)\$|\A\^"""
    r"""|(?<=\w):(?=//)|(?<=[wW]{3})\.|(?<=[\w.+-])@|(?<=\]):"""
    r"""|&(?=[#\w:])"""
)
_OPENING = re.compile(r"^(\d+)(?=[.)](?:\s|$))|^(?=[-+:](?:\s|$)|=)")
_REFERENCES = {"{": "&#123;", "~": "&#126;", "@": "&#64;", "&": "&amp;", "^": "&#94;", "`": "&#96;"}
_TEMPLATE = re.compile(r"\{[{%]")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.I)
# Anything that ends a destination, or that one of the readers might treat as markup there.
_UNSAFE_IN_LINK = re.compile(
    "[\x00-\x20\x7f-\xa0\"'()<>\\\\`{}|*\\[\\]^\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3000\ufeff\ud800-\udfff]"
)


def escape(text: str) -> str:
    """Return Markdown that shows the text as it is, inside a line; control characters are left out."""
    return _SPECIAL.sub(_escaped, printable(text))


def _escaped(found: re.Match[str]) -> str:
    return _REFERENCES.get(found.group()) or "\\" + found.group()


def line_start(escaped: str) -> str:
    """Return escaped text that also at the start of a line is no list, heading, rule or definition."""
    return _OPENING.sub(r"\1\\", escaped)


def inert(code: str) -> bool:
    """Say whether no template language would find something to do in code shown as it is."""
    return not _TEMPLATE.search(code)


def destination(url: str | None) -> str | None:
    """Return an address as it may stand in ``[](…)``, or None if it is not one a reader should follow."""
    if not url or not _SAFE_LINK.match(url):
        return None
    safe = _UNSAFE_IN_LINK.sub(lambda found: quote(found.group(), errors="replace"), url)
    return re.sub(r"&(?=#?\w+;)", "&amp;", safe)
