"""Markup that feeds put where plain text belongs -> plain text."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

from dibao.people import named
from dibao.text import printable

# Only tags that titles really have: "vector<int>" and "<獨家>" are words, not markup.
_TAGS = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span|strike|strong|sub|sup"
    r"|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.I,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});", re.I)
_MAIL = r"[^\s@()<>]+@[^\s@()<>]+"
_MAIL_AND_NAME = re.compile(rf"{_MAIL}\s*\(([^()]*)\)|\"?([^<>\"]*?)\"?\s*[<(]{_MAIL}[>)]|{_MAIL}")


def plain(markup: str | None) -> str | None:
    """Return the words of a title that may be HTML, or None if there are none.

    What was escaped twice is decoded once more; white space is squeezed.
    """
    if not markup:
        return None
    if "<" in markup:
        markup = _TAGS.sub("", markup)
    return referred(markup) if "&" in markup else tidy(markup)


def referred(text: str | None) -> str | None:
    """Return plain text in which character references stand for their characters."""
    if text and "&" in text:
        text = _REFERENCE.sub(lambda found: unescape(found.group()), text)
    return tidy(text)


category = lru_cache(maxsize=8192)(plain)  # feeds say the same ones again and again


def tidy(text: str | None) -> str | None:
    """Return plain text on one line without control characters, or None if nothing is left."""
    if not text:
        return None
    line = text.strip()
    if line.isprintable() and "  " not in line:  # no other white space either: nearly all there is
        return line or None
    line = " ".join(text.split())
    return (line if line.isprintable() else " ".join(printable(line).split())) or None


def person(written: str | None) -> str | None:
    """Return the name in "mail (Name)", "Name <mail>" or "Name"; a mail address alone is no name."""
    name = plain(written)
    match = _MAIL_AND_NAME.fullmatch(name) if name and "@" in name else None
    return tidy(match.group(1) or match.group(2)) if match else name


@lru_cache(maxsize=4096)
def signed(bylines: tuple[str, ...], outlet: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the people and the outlets that bylines name, each once."""
    return named(filter(None, map(person, bylines)), (outlet,)) if bylines else ((), ())


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return what there is, each once, in order."""
    return tuple(dict.fromkeys(filter(None, values)))
