"""A page's many titles -> the headline, without the site's name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from dibao.text import squeeze

_PART = re.compile(
    r"\s+[|｜\-–—_·•»>:/]+\s+|\s*[|｜_]\s*|(?<=[\u3400-\u9fff）)」》！？!?])\s*[-–—]\s*(?=[^\d])|\s[-–—](?=\S)|(?<=\S)[-–—]\s"
)
_LONGEST_NAME = 14  # letters of a site's name that nothing else confirms
_GENERIC = re.compile(r"^(?:home|index|news|untitled|首頁|首页|新聞|新闻|article|页面|頁面)$", re.I)


def headline(
    candidates: Sequence[str | None], headings: Sequence[str], outlets: Iterable[str | None]
) -> str | None:
    """Return the first usable title, without the names of the site and its sections at the end.

    ``headings`` are the page's own h1; one that begins a candidate is its headline.
    """
    names = {_same(name) for name in outlets if name and len(_same(name)) > 1}
    for candidate in candidates:
        title = squeeze(candidate or "")
        if title and not _GENERIC.match(title) and _same(title) not in names:
            return _as_headed(title, headings) or bare(title, names)
    return next((heading for heading in headings if _same(heading) not in names), None)


def _as_headed(title: str, headings: Sequence[str]) -> str | None:
    whole = _same(title)
    for heading in headings:
        own = _same(heading)
        if whole == own:
            return title
        if len(own) >= 4 and whole.startswith(own) and len(own) * 3 >= len(whole):
            return heading
    return None


def bare(title: str, names: Iterable[str]) -> str:
    """Return the title without trailing parts that are a site's or section's name.

    ``names`` are the outlet's, in the form of `_same`.
    """
    parts = list(_PART.finditer(title))
    cut, known = len(title), set(names)
    for position, part in reversed(list(enumerate(parts))):
        last = title[part.end() : cut]
        if not _is_name(last, part[0], known, title[: part.start()], is_last=position == len(parts) - 1):
            break
        cut = part.start()
    return title[:cut].strip() or title


def _is_name(last: str, separator: str, known: set[str], rest: str, *, is_last: bool) -> bool:
    own = _same(last)
    if not _same(rest):
        return False
    if any(own == name or (len(name) > 2 and (name in own or own in name)) for name in known):
        return len(own) <= 40
    bar = separator.strip() in ("|", "｜", "_", "»", "") or not is_last
    return bar and len(own) <= _LONGEST_NAME and len(_same(rest)) >= len(own)


def _same(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text).casefold())
