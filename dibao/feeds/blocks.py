"""What stands around a headline in its block: date, summary and picture."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from dibao.feeds.headlines import HEADINGS, Link, units
from dibao.feeds.outline import Node, Spot, attribute, words
from dibao.model import Enclosure
from dibao.text import clip, squeeze
from dibao.urls import absolute

_HIGHEST = 10  # levels that a block may reach above its headline
_MOST_TEXT = 3_000  # characters of text in a block
_LONE = frozenset(
    "a b strong em span font dt h1 h2 h3 h4 h5 h6".split()
)  # what holds no more than a headline
_BEHIND = 4  # elements after such a one that may belong to it
_LINE = 200  # characters: a longer text is no line with a date
_SUMMARY = 10  # units of text
_STYLE = 500  # characters of a style in which a picture is looked for
_LONGEST = 20_000  # characters of a block that are kept as they stood

_TIME = r"\d{1,2}[:時时点點]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:Z|\s?[+-]\d\d:?\d\d)?"
_CLOCK = rf"(?:[\sT,]{{0,3}}(?:[上下]午)?\s?{_TIME})?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATES = (
    rf"(?<!\d)(?:19|20)\d\d\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}(?!\d)\s?日?{_CLOCK}",
    rf"(?<!\d)(?:民[國国])?1\d\d\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}(?!\d)\s?日?{_CLOCK}",
    rf"{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d{_CLOCK}",
    rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH},?\s(?:19|20)\d\d{_CLOCK}",
    r"\d{1,3}\s?(?:秒|分鐘|分钟|小時|小时|天|日|週|周|個月|个月)前",
    r"\d{1,3}\s(?:second|minute|min|hour|hr|day|week|month)s?\sago",
    r"(?<!\d)\d{1,2}[-/月]\d{1,2}(?!\d)日?(?:\s\d{1,2}:\d{2})?",
)
_DATE = re.compile("|".join(_DATES), re.I)
_SHORT = re.compile(
    r"(?<![a-z])(summary|desc(?:ription)?|excerpt|intro|abstract|lead|deck?|brief|摘要)(?![a-z])", re.I
)
_NO_PICTURE = re.compile(
    r"(?<![a-z])(icons?|logos?|avatars?|blank|spacer|pixel|loading|placeholder|transparent|default|sprite)(?![a-z])",
    re.I,
)
_PICTURES = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-echo",
    "data-srcset",
    "srcset",
    "src",
)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*[\"']?([^\"')]+)", re.I)


class Blocks:
    """Which block of a page belongs to which headline.

    A block is the highest element around a headline's links in which no other headline stands.
    """

    def __init__(self, chosen: Iterable[Link]) -> None:
        # Element -> the one address in it; None where there are several.
        self._whose: dict[int, str | None] = {}
        self._long: dict[int, bool] = {}
        for link in chosen:
            for spot in _upwards(link.spot):
                here = self._whose.setdefault(spot.node.mem_id, link.url)
                if here != link.url:
                    self._whose[spot.node.mem_id] = None

    def of(self, link: Link) -> tuple[Node, ...]:
        """Return the elements that tell of a headline, the block first."""
        block = link.spot
        for spot in _upwards(link.spot):
            if self._whose[spot.node.mem_id] is None or self._is_long(spot.node):
                break
            block = spot
        behind = self._behind(block.node) if block.tag in _LONE else ()
        return (block.node, *behind)

    def _is_long(self, node: Node) -> bool:
        """Say whether an element holds too much text; asked by each of its links, counted once."""
        if node.mem_id not in self._long:
            self._long[node.mem_id] = len(words(node)) > _MOST_TEXT
        return self._long[node.mem_id]

    def _behind(self, node: Node) -> Iterator[Node]:
        """Yield what follows a headline that stands alone, up to the next one."""
        after = node.next
        for _ in range(2 * _BEHIND):
            if after is None or after.mem_id in self._whose or (after.tag or "") == "br":
                return
            yield after
            after = after.next


def _upwards(spot: Spot) -> Iterator[Spot]:
    here: Spot | None = spot
    for _ in range(_HIGHEST):
        if here is None or here.tag in ("body", "main"):
            return
        yield here
        here = here.parent


def date_in(block: tuple[Node, ...], label: str) -> str | None:
    """Return what a block says of when its article appeared, as it is written there, or None."""
    for node in block:
        for time in _below(node, "time"):
            said = attribute(time, "datetime") or words(time)
            if said:
                return clip(said, _LINE)
    found = (_DATE.search(line) for line in _lines(block) if line != label)
    return next((squeeze(date.group()) for date in found if date), None)


def _lines(block: tuple[Node, ...]) -> Iterator[str]:
    """Yield the short texts of a block, each as far as no tag parts it."""
    for node in block:
        for each in node.traverse(include_text=True):
            if (each.tag or "") == "-text":
                line = squeeze(each.text(strip=False))
                if line and len(line) <= _LINE:
                    yield line


def summary_in(block: tuple[Node, ...], label: str) -> str | None:
    """Return the paragraph that tells more of a headline, as HTML, or None."""
    paragraphs = (each for node in block for each in _below(node, "p"))
    named = (each for node in block for each in _below(node, "[class]") if _is_summary(each))
    for said in map(_without_more, (*paragraphs, *named)):
        if units(said) >= _SUMMARY and said != label and label not in said and not _is_date(said):
            return escape(said, quote=False)
    return None


def _without_more(node: Node) -> str:
    """Return the text of a paragraph without the "read more" at its end."""
    said, links = words(node), node.css("a")
    last = words(links[-1]) if links else ""
    return said if units(last) else said.removesuffix(last).rstrip()


def _is_summary(node: Node) -> bool:
    return _SHORT.search(attribute(node, "class") or "") is not None


def _is_date(text: str) -> bool:
    return len(_DATE.sub("", text)) < len(text) / 2


def picture_in(block: tuple[Node, ...], base: str) -> Enclosure | None:
    """Return the first picture of a block, loaded late or at once, or None."""
    for node in block:
        for image in _below(node, "img"):
            url = next(filter(None, (_source(image, name, base) for name in _PICTURES)), None)
            if url and not _is_small(image):
                return Enclosure(
                    url=url, title=squeeze(attribute(image, "alt") or "") or None, medium="image"
                )
        for styled in _below(node, "[style]"):
            found = _BACKGROUND.search((attribute(styled, "style") or "")[:_STYLE])
            url = _usable(found[1] if found else "", base)
            if url:
                return Enclosure(url=url, medium="image")
    return None


def _source(image: Node, name: str, base: str) -> str | None:
    written = attribute(image, name) or ""
    return _usable(_largest(written) if name.endswith("srcset") else written, base)


def _largest(srcset: str) -> str:
    """Return the candidate that says it is the largest, the first of equals."""
    sized = []
    for candidate in re.split(r",\s+", srcset):
        url, _, size = candidate.strip().partition(" ")
        number = re.match(r"\d+(?:\.\d+)?", size.strip())
        sized.append((float(number.group()) if number else 1.0, url))
    return max(sized, key=lambda each: each[0])[1]


def _usable(written: str, base: str) -> str | None:
    return (
        None
        if not written or written.startswith("data:") or _NO_PICTURE.search(written)
        else absolute(base, written)
    )


def _is_small(image: Node) -> bool:
    sizes = (attribute(image, name) or "" for name in ("width", "height"))
    return any(size.isdecimal() and len(size) < 3 and int(size) < 50 for size in sizes)


def _below(node: Node, selector: str) -> list[Node]:
    return [] if (node.tag or "-").startswith("-") else node.css(selector)


def heading_in(block: tuple[Node, ...]) -> str:
    """Return the first heading of a block; empty where there is none."""
    found = (heading for node in block for heading in _below(node, HEADINGS))
    return next(filter(None, map(words, found)), "")


def raw_of(block: tuple[Node, ...]) -> str:
    """Return a block as it stands in the page; empty where it is too large to be one."""
    html = block[0].html or ""
    return html if len(html) <= _LONGEST else ""
