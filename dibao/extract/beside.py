"""Links beside an article: to more of its site, to what is promoted, to all that has its keywords."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from dibao.extract.blocks import Block, Box, units
from dibao.extract.remembered import Remembered
from dibao.extract.tree import BLOCKS, Node, Tree, ancestors, attribute, hyphened, is_hidden, names, words
from dibao.model import Link
from dibao.urls import absolute, akin, untracked

_AT_MOST = 100  # links of one page
_LINKED = 0.6  # share of link text from which a line is there to be followed
_LONGEST = 300  # characters of a headline
_LONGEST_TAG = 30  # characters of a keyword
_SHORT_TAG = 20  # of one that only its address tells
_WRAPPER = 0.5  # of a page's blocks: what holds more is the page, whatever it calls itself
_CLIMB = 4  # elements between a line and the link around it
_NEAR = 12  # elements around a link whose names tell what it is

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

RELATED, PROMOTED, KEYWORD = "related", "promoted", "keyword"

# Words in classes and ids, whole: what links are there for.
_SAYS = {
    RELATED: r"relat(?:ed|ion)|recommend\w*|recirc\w*|more-?(?:article|news|stor(?:y|ies))",
    PROMOTED: (r"carousel|promo\w*|sponsor\w*|advert\w*|ads?|outbrain|taboola|top-?news|popular|trending"),
    KEYWORD: r"tags?|tag-?(?:list|group|cloud)s?|keywords?|hashtags?|topics?",
    "talk": r"comments?|respond|shar(?:e|ing)|sharedaddy|social|service-?links|credits?|source",
    "site": (
        r"nav\w*|(?:main|mega|sub|top|side)?-?menus?|breadcrumbs?|crumbs?|pagination|pager|paging|"
        r"(?:site|page|global|main)-?(?:header|footer)|footer|foot|masthead|toolbar|top-?bar|site-?map|search|"
        r"log-?in|sign-?(?:in|up)|register|copyright|legal|skip|languages?|cookies?|consent|gdpr|paywall|"
        r"newsletters?|by-?lines?|authors?|bio|follow|disqus|subscri\w+"
    ),
}
_ANY = re.compile(
    rf"(?<![a-z])(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _SAYS.items())})(?![a-z])"
)
_OUT, _MORE, _PUSHED, _TAGGED = 1, 2, 4, 8
_BITS = {RELATED: _MORE, PROMOTED: _PUSHED, KEYWORD: _TAGGED, "talk": _OUT, "site": _OUT}
_TAG_LINK = re.compile(r"/(?:tags?|topics?|keywords?|search|s)(?:[/?.]|$)|[?&](?:q|tag|keyword)=", re.I)
# Paths that lead to no article.
_SERVICE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|writers?|reporters?|contributors?|journalists?|users?|profiles?|"
    r"categor(?:y|ies)|tags?|topics?)/[^/]+/?$|"
    r"/(?:log-?in|sign-?(?:in|up)|register|subscri\w+|newsletters?|privacy\S*|datenschutz|impressum|terms\S*|"
    r"cookies?\S*|contact\S*|kontakt|about(?:-us)?|help|faq|advertis\w+|rss|feeds?|sitemap|search|account|e-?paper)"
    r"(?:\.\w+)?/?(?:[?#]|$)",
    re.I,
)
_HOME = re.compile(r"https?://[^/?]+/?")
_NO_HEADLINE = re.compile(
    r"(?:read more|continue reading|see (?:all|more)|view (?:all|more)|show more|load more|sign (?:in|up)|"
    r"log ?in|subscri|register|follow (?:us|me)|share (?:this|on)|print this|\d* ?comments?\b|leave a|"
    r"advertis|about us|contact us|privacy|cookie|terms (?:of|and|&)|skip to|back to|all rights|©|download|"
    r"閱讀全文|阅读全文|看更多|更多|登入|登录|註冊|注册|訂閱|订阅|分享|留言|返回|回首頁|下載|下载|"
    r"weiterlesen|mehr (?:erfahren|lesen|anzeigen)|anmelden|abonnieren|lire la suite|se connecter|"
    r"leer más|suscr[ií]b|iniciar sesión)",
    re.I,
)
_INVITES = re.compile(r"newsletter|sign up|click here|訂閱電子報|掃碼|扫码", re.I)
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def role(link: Node) -> str:
    """Return what a link that stands beside an article is there for: "related" or "promoted"."""
    around = list(islice(ancestors(link), _NEAR))
    says = {found.lastgroup for node in around for found in _ANY.finditer(names(node))}
    if RELATED in says:
        return RELATED
    return PROMOTED if PROMOTED in says or any(map(is_hidden, around)) else RELATED


def is_tag(link: Node) -> bool:
    """Say whether a link leads to all that has one keyword."""
    return _is_tag(words(link), link.attributes)


def _is_tag(title: str, said: Mapping[str, str | None]) -> bool:
    if title.startswith(("#", "＃")) or "tag" in (said.get("rel") or "").split():
        return True
    return len(title) <= _SHORT_TAG and bool(_TAG_LINK.search(said.get("href") or ""))


def is_talk(node: Node) -> bool:
    """Say whether an element calls itself a place of comments, share buttons or sources."""
    return any(found.lastgroup == "talk" for found in _ANY.finditer(names(node)))


def thumbnails(tree: Tree) -> dict[str, str]:
    """Return the pictures that are linked, by what they link to; lazy ones must have been repaired."""
    found: dict[str, str] = {}
    for image in tree.css("a[href] img[src]"):
        link = image.parent
        while link is not None and link.tag != "a":
            link = link.parent
        if link is not None:
            found.setdefault(attribute(link, "href"), attribute(image, "src"))
    return found


def beside(
    blocks: Sequence[Block], url: str, canonical: str | None = None, shown: Mapping[str, str] | None = None
) -> tuple[Link, ...]:
    """Return the links of lists and teasers beside an article, each address once and never its own.

    ``blocks`` are those that are not the article's; ``shown`` are `thumbnails`.
    """
    found: dict[str, tuple[Link, bool]] = {}
    page = _Page(url, shown or {})
    own = {_key(untracked(url)), _key(untracked(canonical or url))}
    for block in blocks:
        if block.links and block.linked >= _LINKED:
            is_heading = block.box.tag in _HEADINGS
            for link in page.links(block, is_heading=is_heading):
                key = _key(link.url)
                if key not in own and (key not in found or (is_heading and not found[key][1])):
                    found[key] = (link, is_heading)
            if len(found) >= _AT_MOST:
                break
    return tuple(link for link, _ in islice(found.values(), _AT_MOST))


def _key(address: str) -> str:
    """Return what is equal for addresses of one article, as long as they are written by one site."""
    return address.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _saying(style: str) -> int:
    """Return what class and id say of an element, as bits."""
    said = 0
    for found in _ANY.finditer(hyphened(style)):
        said |= _BITS[found.lastgroup or ""]
    return said


_spoken = Remembered(_saying, 20_000)


def _inline(node: Node) -> Iterator[Node]:
    """Yield the links in an element that stand in none of the blocks below it."""
    child = node.first_child
    while child is not None:
        tag = child.tag or "-"
        if tag == "a":
            if not _holds_blocks(child):
                yield child
        elif tag[0] != "-" and tag not in BLOCKS:
            yield from _inline(child)
        child = child.next


def _holds_blocks(link: Node) -> bool:
    return any(child.tag in BLOCKS for child in link.iter())


def _is_headline(title: str, *, easy: bool) -> bool:
    if easy:
        long = units(title) >= 2.5
    elif len(title) >= 20 and title.count(" ") >= 3:
        long = True
    else:
        long = len(title) >= 8 and bool(_DENSE.search(title))
    return long and not _NO_HEADLINE.match(title) and not _INVITES.search(title)


class _Page:
    """A page, and what was found out about its boxes."""

    def __init__(self, url: str, shown: Mapping[str, str]) -> None:
        self.url, self.shown = url, shown
        self.origin = url[: url.find("/", url.find("://") + 3)] if url.count("/") > 2 else url
        self.size = 0  # blocks
        self.says: dict[int, int] = {}
        self.seen: set[int] = set()

    def links(self, block: Block, *, is_heading: bool) -> Iterator[Link]:
        """Yield the links of a line; of a line in a link, that one with the line's words."""
        if block.box.place in self.seen:
            return
        self.seen.add(block.box.place)
        says = self._says(block.box)
        if says & _OUT:
            return
        inside = list(_inline(block.box.node))
        whole = not inside or (len(inside) == 1 and block.linked == 1.0)
        around = () if inside else islice(ancestors(block.box.node), _CLIMB)
        for node in inside or [node for node in around if node.tag == "a"]:
            title = block.text if whole else words(node)
            link = self._link(node, title, says, is_heading=is_heading) if len(title) > 1 else None
            if link:
                yield link

    def _link(self, node: Node, title: str, says: int, *, is_heading: bool) -> Link | None:
        """Return a link with its role, or None where it leads to no article and no keyword."""
        said = node.attributes
        href = said.get("href")
        if not href or href[0] == "#" or len(title) > _LONGEST:
            return None
        tagged = len(title) <= _LONGEST_TAG and (bool(says & _TAGGED) or _is_tag(title, said))
        picture = self.shown.get(href)
        if not tagged and not _is_headline(title, easy=is_heading or picture is not None):
            return None
        pushed = bool(says & _PUSHED) and not says & _MORE
        address = self._address(href, anywhere=pushed)
        if address is None:
            return None
        if tagged:
            return Link(url=address, title=title.lstrip("#＃ "), role=KEYWORD)
        if _SERVICE.search(address):
            return None
        thumbnail = absolute(self.url, picture)
        return Link(url=address, title=title, role=PROMOTED if pushed else RELATED, thumbnail=thumbnail)

    def _address(self, href: str, *, anywhere: bool) -> str | None:
        """Return where a link leads, unless that is the front page, or another site and not to be kept."""
        within = href[0] == "/" and href[1:2] != "/"
        address = absolute(self.url, self.origin + href if within else href)
        if not address or _HOME.fullmatch(address):
            return None
        inside = within or anywhere or address.startswith(f"{self.origin}/") or akin(address, self.url)
        return untracked(address) if inside else None

    def _says(self, box: Box) -> int:
        """Return what a box and those around it call themselves, as bits; none of what is half the page."""
        says = self.says.get(box.place)
        if says is None:
            self.size = self.size or _outermost(box).end
            if box.parent is None or box.end - box.start > _WRAPPER * self.size:
                says = 0
            else:
                own = _OUT if box.tag in ("nav", "form") else _spoken[box.style] if box.style else 0
                says = own | self._says(box.parent)
            self.says[box.place] = says
        return says


def _outermost(box: Box) -> Box:
    while box.parent is not None:
        box = box.parent
    return box
