"""What was served as a page, made readable where it is no plain HTML: text alone, articles under wraps."""

import re
from html import escape

from dibao.text import printable

_SAMPLE = 20_000  # characters, from the first
_CONTROLS = 0.02  # of them, control characters in no writing; random bytes hold one in nine
_LOST = 0.1  # of them, bytes that are no character: damage, up to here
_FEW = 4  # may stand anywhere
_MARKUP = re.compile(
    r"[\ufeff\s]*<(?:!doctype|!--|\?xml|html|head|body|title|meta|div|p|article|h[1-6])\b", re.I
)
_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_LONG = 120  # characters of a line that nobody broke by hand
_DENSE = "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_UNBROKEN = re.compile(rf"(?<={_DENSE})\n(?={_DENSE})")  # a line's end that stands for no space
# What hides all that follows, up to its end tag, if it is closed in itself: XML allows that, HTML doesn't.
_CLOSED = re.compile(r"<(script|style|title|textarea|iframe|noscript|noframes|template)\b([^<>]*)/>", re.I)
_WRAP = re.compile(r"<(/?)(?:template|noscript)\b[^<>]*>", re.I)
_ALLOW = "enabl|activ|aktivier|allow|turn on|requires|habilit|有効|開啟|开启|啟用|启用|활성화|включ"
_WANTED = re.compile(rf"(?:{_ALLOW}).{{0,60}}javascript|javascript.{{0,60}}(?:{_ALLOW})", re.I | re.S)


def is_text(text: str) -> bool:
    """Say whether what was decoded is writing, as far as its first characters tell."""
    sample = text[:_SAMPLE]
    controls, lost = len(sample) - len(printable(sample)), sample.count("\ufffd")
    most_controls, most_lost = (max(_FEW, share * len(sample)) for share in (_CONTROLS, _LOST))
    return controls <= most_controls and lost <= most_lost


def as_html(text: str, content_type: str | None) -> str:
    """Return plain text as HTML in paragraphs, and what else is served as it is.

    Paragraphs are apart by blank lines; in a text without any, each line is one if some are too long to have
    been broken by hand. What begins with markup is markup, though it is served as text.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind != "text/plain" or _MARKUP.match(text):
        return opened(text) if kind == "application/xhtml+xml" else text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n ")
    parts = _GAP.split(lines)
    if len(parts) == 1 and max(map(len, lines.split("\n"))) > _LONG:
        parts = lines.split("\n")
    return "".join(f"<p>{escape(_UNBROKEN.sub('', part))}</p>\n" for part in parts if part.strip())


def opened(text: str) -> str:
    """Return a page without elements that are closed in themselves and would hide all that follows."""
    return _CLOSED.sub(r"<\1\2></\1>", text)


def unwrapped(text: str) -> str | None:
    """Return a page with what scripts are to show, or what is shown without them; None if there is none."""
    bare = _WRAP.sub(r"<\1div>", text)
    return bare if bare != text else None


def wants_scripts(text: str) -> int:
    """Return how often a text asks its reader to allow JavaScript."""
    return len(_WANTED.findall(text))
