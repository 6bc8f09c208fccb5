"""A story without its credits, as text or as the clean HTML of this house."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import accumulate

from dibao.extract.credits.edges import edges, said
from dibao.extract.credits.parts import Found

_AT_MOST = 12  # paragraphs from either end that are looked at
_PIECE = re.compile(r"<[^<>]*>|&[#\w]{1,32};|[^<&]|[<&]")
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
    places = list(_paragraphs(html))
    places = places[:_AT_MOST] + places[_AT_MOST:][-_AT_MOST:]
    texts = [_plain(html[start + 3 : end - 4]) for start, end in places]
    spans = _spans("\n\n".join(texts))
    begins = [0, *accumulate(len(text) + 2 for text in texts)]
    for (start, end), text, at in reversed(list(zip(places, texts, begins, strict=False))):
        own = [(first - at, last - at) for first, last in spans if at <= first < at + len(text)]
        if own:
            left = _cut(html[start + 3 : end - 4], own)
            html = html[:start] + (f"<p>{left}</p>" if left else "") + html[end:]
    return html


def _paragraphs(html: str) -> Iterator[tuple[int, int]]:
    """Yield where each paragraph begins and ends, its tags with it."""
    end = 0
    while (close := html.find("</p>", end)) >= 0:
        start = html.rfind("<p>", end, close)
        end = close + 4
        if start >= 0:
            yield start, end


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
