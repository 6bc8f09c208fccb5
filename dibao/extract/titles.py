"""A page's many titles -> the headline, without the site's name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dibao.extract.remembered import Remembered
from dibao.extract.signs import CLOSING
from dibao.text import squeeze

_PART = re.compile(
    r"\s+[|｜\-–—_·•»>:/]+\s+|\s*[|｜_]\s*|(?<=[\u3400-\u9fff）)」》！？!?])\s*[-–—]\s*(?=[^\d])|\s[-–—](?=\S)|(?<=\S)[-–—]\s|："
)
_LONGEST_NAME = 14  # letters of a site's name that nothing else confirms
_FAR_LONGER = 1.5  # what is so much longer than the other part of a title is its headline
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_NO_LETTERS = re.compile(r"\W+")
_INVISIBLE = re.compile("[\u00ad\u2060\ufeff]")
_OPEN = re.compile(r"[（(「『《【\[][^）)」』》】\]]*$")  # what is parted here is not done
_ALIKE = 0.45  # of the shorter title's words
_GENERIC = re.compile(r"^(?:home|index|news|untitled|首頁|首页|新聞|新闻|article|页面|頁面)$", re.I)


def headline(
    candidates: Sequence[str | None],
    headings: Sequence[str],
    outlets: Iterable[str | None],
    *,
    lesser: Sequence[str] = (),
    is_news: bool = False,
) -> str | None:
    """Return the headline, without the names of the site and its sections at the end.

    ``candidates`` are what the page states, the title element last; ``headings`` its own h1, and ``lesser``
    its h2, one of which is the headline where the h1 is the site's name, or there is none. A news page
    states its headline with care, and what search engines should see in the title element: of two
    headlines, the one that this doesn't repeat was written for readers. On other pages an h1 that says the
    same in other words is the headline.
    """
    names = {same(name) for name in outlets if name and len(same(name)) > 1}
    stated = [title for title in (_clean(each or "") for each in candidates) if _is_usable(title, names)]
    site = _besides(stated, headings, [title for title in map(_clean, lesser) if _may_be_one(title, names)])
    known = {*names, *_repeated(stated, headings, names), *site}
    cut = {title: bare(_without_first(title, site, 2 * _FAR_LONGER), known) for title in set(stated)}
    titles = [cut[title] for title in stated]
    shown = [heading for heading in map(_clean, headings) if _is_usable(heading, names)]
    if not titles:
        return next(iter(shown or _alone(lesser, names)), None)
    if is_news:
        title = _for_readers(titles, stated)
        return _as_shown([title], shown) or title
    return _as_shown(titles, shown) or _alike(titles, shown) or titles[0]


def _for_readers(titles: Sequence[str], stated: Sequence[str]) -> str:
    """Return the first title that the last one, made for search engines, doesn't repeat; else the first.

    One with the site's name at its end was made by a template, and by nobody for readers.
    """
    last = same(titles[-1])
    pairs = zip(titles[:2], stated, strict=False)
    return next((title for title, whole in pairs if same(title) != last and title == whole), titles[0])


def _clean(title: str) -> str:
    return squeeze(title if title.isascii() else _INVISIBLE.sub("", title))


def _is_usable(title: str, names: set[str]) -> bool:
    return bool(title) and not _GENERIC.match(title) and same(title) not in names


def _repeated(stated: Sequence[str], headings: Sequence[str], names: set[str]) -> set[str]:
    """Return headings that only end a title, or begin a far longer one: they name the site."""
    shown = {same(heading) for heading in headings} - {""}
    found: set[str] = set()
    for title in set(stated):
        for part in _parts(title)[-1:]:
            before, after = same(title[: part.start()]), same(title[part.end() :])
            if before not in names and after in shown and len(after) <= _FAR_LONGER * len(before):
                found.add(after)
            elif before in shown and len(before) * _FAR_LONGER < len(after):
                found.add(before)
    return found


def _alone(lesser: Sequence[str], names: set[str]) -> list[str]:
    """Return the h2 of a page that has but one, where it may be a headline."""
    only = _clean(lesser[0]) if len(lesser) == 1 else ""
    return [only] if _may_be_one(only, names) else []


def _may_be_one(title: str, names: set[str]) -> bool:
    """Say whether an h2 may be a headline: the names of sites and lists are as short, or known."""
    return _is_usable(title, names) and len(_tokens(title)) > 2 and not CLOSING.match(title)


def _besides(stated: Sequence[str], headings: Sequence[str], lesser: Sequence[str]) -> set[str]:
    """Return what a title says beside an h2 where the h1 says that, or there is none: the site's name."""
    first, second = ({same(heading) for heading in each} - {""} for each in (headings, lesser))
    found: set[str] = set()
    for title in stated if second else ():
        parts = list(_PART.finditer(title))
        for part in (*parts[:1], *parts[1:][-1:]):
            before, after = same(title[: part.start()]), same(title[part.end() :])
            for name, own in ((before, after), (after, before)):
                is_shown = name in first if first else name not in second
                if own in second - first and is_shown and len(name) <= _FAR_LONGER * len(own):
                    found.add(name)
    return found


def _as_shown(titles: Sequence[str], headings: Sequence[str]) -> str | None:
    """Return the title that a heading shows, spelled as the title is; without a kicker before it."""
    for title in titles:
        if any(same(heading) == same(title) for heading in headings):
            return title
    for heading in headings:
        whole = next((title for title in titles if _is_longer(heading, title)), None)
        if whole or any(_begins(title, heading) or _ends(title, heading) for title in titles):
            return whole or heading
    return None


def _begins(title: str, heading: str) -> bool:
    own, whole = same(heading), same(title)
    return len(_tokens(heading)) > 1 and whole.startswith(own) and 3 * len(own) >= len(whole)


def _ends(title: str, heading: str) -> bool:
    """Say whether a heading is what a title says after the name of its site."""
    own = same(heading)
    return any(
        own == same(title[part.end() :]) and len(own) > _FAR_LONGER * len(same(title[: part.start()]))
        for part in _parts(title)[:1]
    )


def _alike(titles: Sequence[str], headings: Sequence[str]) -> str | None:
    """Return the heading that says in other words what a title says."""
    pairs = ((_likeness(heading, title), heading) for heading in headings for title in titles)
    likeness, best = max(pairs, default=(0.0, ""))
    return best if likeness >= _ALIKE and len(_tokens(best)) > 2 else None


def _is_longer(heading: str, title: str) -> bool:
    """Say whether a title is a heading without the kicker before it, or with one and a colon."""
    own, other = same(heading), same(title)
    if len(other) < 8 or len(own) < 8:
        return False
    return (own.endswith(other) and ":" not in heading) or (other.endswith(own) and ":" in title)


def _likeness(one: str, other: str) -> float:
    """Return the share of the shorter one's words that the other has too."""
    first, second = _tokens(one), _tokens(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _tokens(text: str) -> set[str]:
    return set(_TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()))


def bare(title: str, names: Iterable[str]) -> str:
    """Return the title without trailing parts that are a site's or section's name.

    ``names`` are the outlet's, in the form of `same`.
    """
    parts = _parts(title)
    cut, known = len(title), set(names)
    for position, part in reversed(list(enumerate(parts))):
        last = title[part.end() : cut]
        if not _is_name(last, part[0], known, title[: part.start()], is_last=position == len(parts) - 1):
            break
        cut = part.start()
    return _without_first(title[:cut].strip(), known) or title


def _without_first(title: str, known: set[str], shorter: float = 1.0) -> str:
    """Return the title without a site's own name before it: "The Gazette | Ferry fares rise"."""
    part = next(iter(_parts(title)), None)
    if part is None or part[0] == "：" or same(title[: part.start()]) not in known:
        return title
    rest = title[part.end() :].strip()
    return rest if shorter * len(same(rest)) > len(same(title[: part.start()])) else title


def _is_name(last: str, separator: str, known: set[str], rest: str, *, is_last: bool) -> bool:
    own = same(last)
    if not same(rest) or _OPEN.search(rest):
        return False
    if any(
        own == name or (len(name) > 2 and (name in own or (own in name and len(own) > 1))) for name in known
    ):
        return len(own) <= 40
    bar = separator.strip() in ("|", "｜", "_", "»", "") or (not is_last and separator != "：")
    return bar and len(own) <= _LONGEST_NAME and len(same(rest)) >= len(own)


@lru_cache(maxsize=32)  # one page's titles are parted a few times each
def _parts(title: str) -> tuple[re.Match[str], ...]:
    """Return the marks between the parts of a title."""
    return tuple(_PART.finditer(title))


def same(text: str) -> str:
    """Return a text by its letters and digits alone, folded: how titles are compared."""
    return _letters[text]


def _letters_of(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _NO_LETTERS.sub("", plain.casefold())


_letters = Remembered(_letters_of, 256)  # one page's titles are compared a dozen times over
