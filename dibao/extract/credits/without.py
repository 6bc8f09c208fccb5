"""A story without its credits, as text or as the clean HTML of this house."""

import re
from collections.abc import Iterator
from html import unescape

from dibao.extract.credits.edges import edges, said
from dibao.extract.credits.parts import Found

_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
_PIECE = re.compile(r"<[^>]*>|&[#\w]+;|[^<&]|[<&]")
_HOLLOW = re.compile(r"<(em|strong|a|sub|sup|code)\b[^>]*>\s*</\1>")
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_GAPS = re.compile(r"\n{3,}")


def without_credits(story: str) -> str:
    """Return a text, or clean HTML, without datelines, bylines and closing credits.

    Notes of corrections and updates stay: they are part of what the story says.
    """
    return _html(story) if "<p>" in story else _text(story)


def _spans(text: str) -> list[tuple[int, int]]:
    return [
        (line.start + each.start, line.start + each.end)
        for line in edges(text)
        for each in said(line)
        if isinstance(each, Found)
    ]


def _text(text: str) -> str:
    for start, end in sorted(_spans(text), reverse=True):
        text = text[:start].rstrip(" ") + text[end:].lstrip(" \u3000") if start else text[end:].lstrip()
    return _GAPS.sub("\n\n", text).strip()


def _html(html: str) -> str:
    """Return HTML without credits: the text of its paragraphs is read, and cut where it stands."""
    paragraphs = list(_PARAGRAPH.finditer(html))
    texts = [_plain(paragraph[1]) for paragraph in paragraphs]
    spans = _spans("\n\n".join(texts))
    at = 0
    for number, (paragraph, text) in reversed(list(enumerate(zip(paragraphs, texts, strict=True)))):
        at = sum(len(each) + 2 for each in texts[:number])
        own = [(start - at, end - at) for start, end in spans if at <= start < at + len(text)]
        if own:
            left = _cut(paragraph[1], own)
            html = html[: paragraph.start()] + (f"<p>{left}</p>" if left else "") + html[paragraph.end() :]
    return html


def _pieces(inside: str) -> Iterator[tuple[str, str]]:
    """Yield the tags and characters of a paragraph, each with the text that it is."""
    for piece in _PIECE.findall(inside):
        plain = "\n" if piece == "<br>" else "" if piece[0] == "<" and len(piece) > 1 else unescape(piece)
        yield piece, plain


def _plain(inside: str) -> str:
    return "".join(plain for _, plain in _pieces(inside))


def _cut(inside: str, spans: list[tuple[int, int]]) -> str:
    at, kept = 0, []
    for piece, plain in _pieces(inside):
        if not plain or not any(start <= at < end for start, end in spans):
            kept.append(piece)
        at += len(plain)
    left, before = "".join(kept), ""
    while left != before:
        before, left = left, _EDGE_BREAKS.sub("", _HOLLOW.sub("", left))
    return left
