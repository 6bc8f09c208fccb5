"""Where an article goes on: the address of its next page, where its outlet spread it over several.

`rel=next` is also said of newer posts, lists and comments. So a link is believed only if its address is the
address of this page with the next number, and the link itself says that it leads there.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from dibao import urls
from dibao.extract.tree import Node, Tree, ancestors, attribute, kind, names, words
from dibao.model import LEAVES_AT_MOST

_LONGEST = 60  # characters of a link's words
_CLIMB = 5  # elements around a link whose names are looked at

# --- addresses -----------------------------------------------------------------------------------

_KEYS = frozenset("page pg p seite pagina página pag pageno page_no pagenum pn part paged".split())
_PATH = re.compile(
    r"(?P<stem>.*?[^/_-])(?P<mark>(?:[/_-](?P<word>page|pg|p|seite|pagina)[/_-]?|[/_-]))"
    r"(?P<number>\d{1,2})(?P<ending>\.\w{2,5})?",
    re.I,
)
_SINGLE_PATH = re.compile(r"/(?:komplettansicht|all|full|single|seite-alle|singlepage|single-page)", re.I)
_SINGLE_VALUE = re.compile(r"(?:all|full|single|yes|true|1|alle|todo|-1)", re.I)
_LISTS = frozenset(
    "tag tags tagged category categories topic topics thema themen author authors autor archive archives "
    "search section label rubrik keyword keywords comments".split()
)
_NAMED = re.compile(r"\d{4}|[^\W_]+[-_][^\W_]+[-_]|%[0-9a-f]{2}|[^\x00-\x7f]|\.[a-z]{3,5}$|.{25}", re.I)


class Place(NamedTuple):
    """A page's address: what all pages of an article share, and which of them it is."""

    path: str  # without the number
    query: tuple[str, ...]  # without the number
    number: int | None  # None: the address holds none, as that of a first page
    word: str  # what stands before the number: "page", "?page", or a mark alone: "/", "_", "-"
    ending: str = ""


def places(parts: SplitResult) -> Iterator[Place]:
    """Yield each way to understand an address, as of a page without a number first."""
    path = unquote(parts.path)
    query = tuple(pair for pair in parts.query.split("&") if pair)
    yield Place(path, query, None, "")
    for pair in query:
        key, _, value = pair.partition("=")
        if key.lower() in _KEYS and value.isdecimal() and len(value) <= 2:
            yield Place(path, tuple(each for each in query if each != pair), int(value), f"?{key}")
    found = _PATH.fullmatch(path)
    if found and (found["mark"] != "-" or found["ending"]):  # a second post of one name may be "name-2"
        word = found["word"] or found["mark"]
        stem = found["stem"] + (found["ending"] or "")
        yield Place(stem, query, int(found["number"]), word, found["mark"])


def is_of_an_article(place: Place) -> bool:
    """Say whether an address looks like an article's, and not like a list's."""
    *folders, name = place.path.lower().split("/")
    named = _NAMED.search(name) or any(re.search(r"=\w*\d", pair) for pair in place.query)
    return bool(named) and not _LISTS.intersection(folders)


def following(here: list[Place], link: SplitResult) -> Place | None:
    """Return how an address says that it is the next page of the same article, or None."""
    for there in places(link):
        for place in here:
            same = (place.path, place.query) == (there.path, there.query)
            if same and there.number is not None and is_next(place, there) and is_of_an_article(there):
                return there
    return None


def is_next(here: Place, there: Place) -> bool:
    """Say whether the numbers of two pages follow each other; some outlets count from nought."""
    assert there.number is not None
    if here.number is None:
        return there.number in (1, 2)
    is_alike = (here.word, here.ending) == (there.word, there.ending)
    return is_alike and there.number == here.number + 1 <= LEAVES_AT_MOST


def is_single(here: SplitResult, link: SplitResult) -> bool:
    """Say whether an address is this page's with a word for the whole article."""
    if here.path != link.path:
        more = link.path.removeprefix(here.path) if link.path.startswith(here.path) else ""
        return bool(_SINGLE_PATH.fullmatch(more)) and here.query == link.query
    said, told = set(here.query.split("&")), set(link.query.split("&"))
    new = [pair.partition("=") for pair in told - said]
    return len(new) == 1 and said - {""} <= told and bool(_SINGLE_VALUE.fullmatch(new[0][2] or new[0][0]))


# --- links ---------------------------------------------------------------------------------------

_ARROWS = re.compile(r"[\s«»‹›<>→➔▶►…:：()（）\[\]【】|.]+")
_NEXT = re.compile(
    r"next(?: page)?|continued?(?: (?:reading|on next page|to (?:the )?next page))?|read on|older|"
    r"nächste(?: seite)?|weiter(?:lesen)?(?: auf seite)?|zur nächsten seite|"
    r"(?:page )?suivante?|(?:la )?suite|lire la suite|(?:página )?siguiente|seguinte|(?:pagina )?successiva|"
    r"avanti|volgende(?: pagina)?|下一?[页頁]|[后後]一?[页頁]|次へ|次の?ページ(?:へ)?|다음(?: 페이지)?",
    re.I,
)
_COUNTED = re.compile(
    r"(?:(?:next|continue(?:d)?(?: reading)?(?: on)?|weiter(?: auf)?|lire la suite)\s+)?"
    r"(?:page|seite|página|pagina|p|第)?\s*(\d{1,2})\s*(?:[页頁]|ページ|페이지)?",
    re.I,
)
_SINGLE = re.compile(
    r"(?:view |read |show )?(?:(?:article |all |it )?(?:as |on |in )?(?:a |one )?single[ -]page|"
    r"(?:all )?on one page|all|all pages|one page|(?:the )?(?:full|whole|entire) article)|"
    r"(?:artikel )?(?:komplett )?auf einer seite(?: lesen)?|lire (?:l'article )?sur une (?:seule )?page|"
    r"(?:ver|leer) (?:todo )?en una (?:sola )?página|"
    r"(?:在?本[页頁])?(?:[阅閱][读讀]|[显顯]示|[查觀观]看)?全文|1ページで(?:読む|表示)|全文(?:を)?(?:読む|表示)?",
    re.I,
)
_ELSEWHERE = re.compile(
    r"(?<![a-z])(comments?|commentlist|respond|discuss\w*|disqus|related|recommend\w*|galler(y|ies)|"
    r"posts?-navigation|nav-(single|posts)|view-(id|display)|views|carousel|slider|repeater|query-pagination)(?![a-z])"
)
_CSS = re.compile(r"[\"\\\x00-\x1f].*")
_NUMBERED = re.compile(r"[=/_a-z-]\d{1,2}(?:[./?&#]|$)", re.I)
_KEY = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*")


def next_part(tree: Tree, url: str) -> str | None:
    """Return the address of the next page of the same article, or of all of it on one page; None if it ends.

    Never a newer post, a list's next page or a page of comments: only this page's address, numbered on.
    """
    here = parted(url)
    if here is None or not here.path:
        return None
    ways = list(places(here))
    nodes = tree.css(selector(ways[-1].path))
    numbered = [node for node in nodes if _NUMBERED.search(attribute(node, "href"))]
    steps = ((link, following(ways, parts), node) for link, parts, node in links(numbered, url))
    first = next(
        (link for link, there, node in steps if there and leads(there, node, ways, nodes, url)), None
    )
    if first is None:
        return None
    whole = (node for node in nodes if says(_SINGLE, node))
    return next((link for link, parts, _ in links(whole, url) if is_single(here, parts)), first)


def links(nodes: Iterable[Node], url: str) -> Iterator[tuple[str, SplitResult, Node]]:
    """Yield the links that stay on a page's host, each with its address and the parts of that."""
    here = parted(url)
    for node in nodes:
        link = urls.absolute(url, attribute(node, "href").partition("#")[0])
        # A look at the host first: most links that hold this page's address share it with others.
        if link is None or here is None or here.netloc not in link.split("/", 3)[2].lower():
            continue
        parts = parted(link)
        if parts and parts.netloc == here.netloc:
            yield link, parts, node


def parted(url: str) -> SplitResult | None:
    """Return the parts of an address without what those add to it who share it; None if it is none."""
    form = urls.same_article(url)
    return urlsplit(form) if form else None


def selector(path: str) -> str:
    """Return what finds links whose address holds the end of this one: a look at every link costs more."""
    name = path.rpartition("/")[2]
    plain = max(_KEY.findall(name), key=len, default="")
    forms = (plain,) if len(plain) > 2 else (name, quote(name))
    held = "".join(f',a[href*="{_CSS.sub("", form)}"]' for form in dict.fromkeys(forms) if form)
    return f'[rel~="next"],a[href^="?"]{held}'


def leads(there: Place, node: Node, ways: list[Place], nodes: list[Node], url: str) -> bool:
    """Say whether a link itself says that it leads to the next page, and there is no reason to doubt it."""
    if there.word in "/_-" and ways[-1].number and not leads_back(there, nodes, url):
        return False  # a bare number may tell articles apart: then no link leads to the address without one
    counted = counts(node)
    from_nought = ways[-1].number is None and there.number == 1
    fits = (2,) if from_nought else (there.number, (there.number or 0) + 1)
    told = "next" in attribute(node, "rel").lower().split() and counted is None
    if not (told or counted in fits or says(_NEXT, node)) or "comment" in attribute(node, "href"):
        return False
    return kind(node) == "link" or not is_elsewhere(node)


def leads_back(there: Place, nodes: list[Node], url: str) -> bool:
    """Say whether a page links to the first page of its article: the address without a number."""
    return any(next(places(parts))[:2] == there[:2] for _, parts, _ in links(nodes, url))


def said(node: Node) -> str:
    """Return the words of a link, or of its title where it has none, without arrows and brackets."""
    told = (words(node)[:_LONGEST], attribute(node, "aria-label"), attribute(node, "title"))
    return next(filter(None, (_ARROWS.sub(" ", each).strip() for each in told)), "")


def says(pattern: re.Pattern[str], node: Node) -> bool:
    """Say whether the words of a link are of a kind, and no more than that."""
    return bool(pattern.fullmatch(said(node)))


def counts(node: Node) -> int | None:
    """Return the number of the page that a link names, or None."""
    found = _COUNTED.fullmatch(said(node))
    return int(found[1]) if found else None


def is_elsewhere(node: Node) -> bool:
    """Say whether a link stands among comments, related articles or the ways to other posts."""
    around = [node, *(each for each, _ in zip(ancestors(node), range(_CLIMB), strict=False))]
    return any(_ELSEWHERE.search(names(each)) for each in around)
