"""Which links of a page are its headlines: learnt from the structure that repeats.

Links are grouped by the path they stand on. A group is a list of headlines when most of its links read
like headlines and lead to addresses like articles'; the best such group shows what an article's address
looks like here, and other groups of the page that look alike (a lead story, another column) join it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from dibao.feeds.outline import Node, Spot, attribute, words
from dibao.urls import absolute, akin

_FEWEST = 3  # headlines in a list
_HALF = 0.5
_LIKE = 8  # units of text from which it reads like a headline: a Han character is one, a word two
_LONGEST_WORTH = 40  # units beyond which length says no more
_BEGINNING = 20  # characters by which the beginning of a paragraph is known
_FEW = 0.2  # of the best group's addresses: a form that fewer have is not the form of articles

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-])*")
_MORE = re.compile(
    r"[\s\W]*(?:(?:read|see|view|show|learn|load) (?:more|all)\b.*|continue reading\b.*|next|previous|"
    r"more(?: (?:news|stories|from|on|info)\b.*)?|"
    r"(?:閱讀|阅读|查看|觀看|瀏覽|看|顯示|了解)?(?:更多|全文|全部|詳情|详情|內容|内容)[^，。]{0,4}|"
    r"(?:上|下|後|前|后)一?[頁页].*)",
    re.I,
)
HEADINGS = "h1,h2,h3,h4,h5,h6"
_BOXES = "div,p,section,figure,time,ul,dl,table,article,header"
_TITLED = re.compile(r"(?<![a-z])(title|headline|tit|subject|heading|caption)(?![a-z])", re.I)

_NO_ARTICLE_WORDS = (
    "tag tags topic topics category categories cat author authors reporter reporters user users login signin "
    "logout register signup account about about-us aboutus contact contact-us privacy privacy-policy terms "
    "policy search page help faq subscribe newsletter advertise advertising rss feed feeds sitemap member "
    "members cart app apps podcast wp-login.php wp-admin"
)
_NO_ARTICLE = frozenset(_NO_ARTICLE_WORDS.split())
_NUMBERED = frozenset(
    "tag tags author authors reporter reporters user users member search page category".split()
)
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cfm|do)$", re.I)
_NUMBER = re.compile(r"\d{4,}|(?<!\d)(?:19|20)\d\d[-/]?\d\d?[-/]\d\d?")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|css|js|xml|rss|apk|docx?|xlsx?|odt)$", re.I)


@dataclass(slots=True, eq=False)
class Link:
    """A link of a page, and what speaks for it being a headline."""

    spot: Spot
    url: str
    label: str  # its text, or the part of it that names what it leads to
    units: int  # of text: how much it says
    worth: float  # how much its address looks like an article's: 0 to 1
    is_headed: bool = False  # the label stands in a heading

    @property
    def is_headline(self) -> bool:
        """Say whether the label reads like a headline."""
        return self.units >= _LIKE


def links(spots: Iterable[Spot], *, base: str, page: str) -> Iterator[Link]:
    """Yield the links of a page that lead to another one, in its order."""
    here = page.partition("#")[0]
    prose = _Prose()
    for spot in spots:
        written = attribute(spot.node, "href") if spot.tag == "a" else None
        url = (absolute(base, written) or "").partition("#")[0]
        if url and url != here:
            label, is_headed = _label(spot)
            worth = address_worth(url) * (1 if akin(url, page) else 0.5)
            yield Link(spot, url, label, 0 if prose.holds(spot, label) else units(label), worth, is_headed)


class _Prose:
    """Tells links in running text from headlines; looks at each paragraph once."""

    def __init__(self) -> None:
        self._prose: dict[int, str] = {}  # paragraph -> its beginning where it is prose, else empty

    def holds(self, spot: Spot, label: str) -> bool:
        """Say whether a link stands within a text that is more than links, and does not begin it."""
        paragraph = next((above.node for above in _near(spot, 3) if above.tag == "p"), None)
        if paragraph is None:
            return False
        if paragraph.mem_id not in self._prose:
            whole, linked = words(paragraph), sum(len(words(link)) for link in paragraph.css("a"))
            self._prose[paragraph.mem_id] = whole[:_BEGINNING] if linked < _HALF * len(whole) else ""
        begins = self._prose[paragraph.mem_id]
        return bool(begins) and not begins.startswith(label[:_BEGINNING])


def _label(spot: Spot) -> tuple[str, bool]:
    """Return what a link is called, and whether that is a heading."""
    node = spot.node
    heading = node.css_first(HEADINGS)
    inner = words(heading) if heading is not None else ""
    if inner:
        return inner, True
    whole = words(node)
    if node.css_first(_BOXES) is not None:
        whole = _titled(node) or next((part for part in _parts(node) if units(part) >= _LIKE), whole)
    full = attribute(node, "title") or ""
    start = whole.rstrip(".… ")
    label = full if not whole or (start != whole and full.startswith(start)) else whole
    return label, any(above.tag in HEADINGS.split(",") for above in _near(spot, 3))


def _titled(node: Node) -> str:
    named = (each for each in node.css("[class]") if _TITLED.search(attribute(each, "class") or ""))
    return next(filter(None, map(words, named)), "")


def _parts(node: Node) -> Iterator[str]:
    """Yield the text of each box that holds no other."""
    for each in node.traverse():
        if each.child is not None and each.css_first(_BOXES) is None:
            yield words(each)


def _near(spot: Spot, most: int) -> Iterator[Spot]:
    above = spot.parent
    while above is not None and most:
        yield above
        above, most = above.parent, most - 1


def units(label: str) -> int:
    """Return how much a text says: a Han character counts one, another word two; "more" says nothing."""
    if len(label) > 500 or _MORE.fullmatch(label):
        return 0
    return len(_HAN.findall(label)) + 2 * len(_WORD.findall(_HAN.sub(" ", label)))


def address_worth(url: str) -> float:
    """Return how much an address looks like an article's, by its numbers, date, slug or ending: 0 to 1."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    last = _ENDING.sub("", segments[-1]) if segments else ""
    if _FILE.search(parts.path) or (
        segments[1:] and segments[-2].lower() in _NUMBERED and last == segments[-1]
    ):
        return 0.0
    if _NUMBER.search(parts.path) or re.search(r"=\w*\d", parts.query) or _is_slug(last):
        return 1.0
    if not segments or any(segment.lower() in _NO_ARTICLE for segment in segments):
        return 0.0
    if _ENDING.search(segments[-1]) or any(map(str.isdigit, last)) or "-" in last.strip("-"):
        return 0.6
    return 0.4 if segments[1:] else 0.1


def _is_slug(segment: str) -> bool:
    return (
        len(re.findall(r"[^-_]+", segment)) > 3 or segment.count("%") >= 6 or len(_HAN.findall(segment)) > 5
    )


def form(url: str) -> str:
    """Return the form of an address: which parts are numbers, words or slugs, and how its query is made."""
    parts = urlsplit(url)
    segments = [_kind(segment) for segment in parts.path.split("/") if segment]
    keys = sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return "/".join(segments) + "?" + "&".join(keys)


def _kind(segment: str) -> str:
    ending = _ENDING.search(segment)
    name = segment[: ending.start()] if ending else segment
    kind = "s" if _is_slug(name) else "0" if any(map(str.isdigit, name)) else "w"
    return kind + (ending.group().lower() if ending else "")


# --- groups ---------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Group:
    """Links that stand on one path, each address once."""

    links: list[Link]

    @property
    def headlines(self) -> list[Link]:
        """Return those that read like headlines of articles."""
        return [link for link in self.links if link.is_headline and link.worth > 0]

    @property
    def score(self) -> float:
        """Return how much speaks for a group being the list of headlines; 0 where it is none."""
        heads = self.headlines
        if len(heads) < _FEWEST or not self.is_alike:
            return 0.0
        said = sum(min(link.units, _LONGEST_WORTH) * link.worth for link in heads)
        return said * len({link.label for link in heads}) / len(heads)

    @property
    def is_alike(self) -> bool:
        """Say whether most of the links are headlines, and differ."""
        heads = self.headlines
        if not heads or len(heads) < _HALF * len(self.links):
            return False
        worth = sum(link.worth for link in heads) / len(heads)
        return worth >= 0.35 and len({link.label for link in heads}) >= 0.6 * len(heads)


def learnt(found: list[Link]) -> list[Link]:
    """Return the links that are a page's headlines, in its order; none where no list of them is."""
    groups = _grouped(link for link in found if not link.spot.is_beside)
    scored = [(group.score, group) for group in groups]
    most, best = max(scored, key=lambda each: each[0], default=(0.0, None))
    if best is None or not most:
        return []
    forms = _forms(best)
    chosen = (group for score, group in scored if group is best or _joins(group, score, most, forms))
    kept = {id(link) for group in chosen for link in group.links if _is_taken(link, forms)}
    return [link for link in found if id(link) in kept]


def _grouped(found: Iterable[Link]) -> list[Group]:
    groups: dict[int, dict[str, Link]] = {}
    for link in found:
        known = groups.setdefault(link.spot.path, {})
        if link.url not in known or known[link.url].units < link.units:
            known[link.url] = link
    return [Group(list(group.values())) for group in groups.values()]


def _forms(best: Group) -> set[str]:
    counted = Counter(form(link.url) for link in best.headlines)
    return {made for made, times in counted.items() if times >= _FEW * len(best.headlines)}


def _joins(group: Group, score: float, most: float, forms: set[str]) -> bool:
    """Say whether a group is as the best is: headlines at addresses of its forms, or of a like score."""
    if not group.is_alike:
        return False
    same = sum(form(link.url) in forms for link in group.headlines)
    return same >= _HALF * len(group.headlines) or score >= _HALF * most


def _is_taken(link: Link, forms: set[str]) -> bool:
    """Say whether a link of a chosen group is a headline: also a short one at an address of their form."""
    return link.worth > 0 and (link.is_headline or (link.units > 1 and form(link.url) in forms))
