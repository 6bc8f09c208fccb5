"""Pictures that tell something: each in a `figure` with its caption, wherever the page had put it."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from itertools import islice

from dibao.extract.captions import (
    LONGEST,
    Figures,
    beside,
    credit_in,
    is_called,
    leads_elsewhere,
    naming,
    standing,
    written,
)
from dibao.extract.occasions import told
from dibao.extract.pictures import CANDIDATES, IMAGES, drop_apart, path_of
from dibao.extract.tree import Node, Tree, attribute, drop, hyphened
from dibao.model import Media
from dibao.text import squeeze
from dibao.urls import absolute, host

Attributes = Mapping[str, str | None]

FRAMED = "data-framed"  # marks the figures of this room
_SMALL = 65  # pixels: icons and avatars are not wider or higher

_DECORATION = re.compile(
    r"(?<![a-z])(icons?|logos?|(?:gr)?avatars?|emoji|sprites?|badges?|spinner|qr-?code|button|author|profile)(?![a-z])"
)
_PORTRAIT = re.compile(
    r"(?<![a-z])((?:gr)?avatars?|byline|author-?(?:image|img|photo|pic\w*|avatar|thumb|portrait|bio|box|card|info))(?![a-z])"
)
_DECORATIVE_FILE = re.compile(
    r"(?:^|[/_.-])(?:icons?|logos?|(?:gr)?avatars?|emoji|sprites?|badges?|favicon|profile-?images?|headshots?|twitter|facebook|weibo|line|plurk)(?:[/_.\d-]|$)"
    r"|/(?:ads?|authors?|autor(?:en)?)/|servicelinks|/stat$|\.svg$|/(?:pixel|beacon|tracker|tracking|counter|impression|hit|tr)(?:\.gif)?$"
)
# Plain words in what is above: to look for them first is ten times as fast.
_SUSPECT = tuple("icon logo avatar emoji sprite badge spinner qr button author profile byline".split())
_SUSPECT_FILE = tuple(
    "icon logo avatar emoji sprite badge twitter facebook weibo line plurk servicelinks /stat .svg pixel "
    "beacon /tr counter /hit impression /ad /auth /autor profile headshot".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FILE_NAME = re.compile(r"^[\w.-]+\.(?:jpe?g|png|gif|webp)$|^(?:IMG|DSC)_?\d+|^https?:", re.I)
_TAG = re.compile(r"<[^>]*>")
_CREDITS = ("data-credit", "data-copyright", "data-photographer")
_LONGEST_PATH = 1000  # characters of an address that tell whether it is decoration
_HEADLINE = 12  # characters of a link's words that may be a headline
_TEASER_CLIMB = 4  # elements around a picture's link, in which its headline's may stand
_TEASER_LINKS = 6  # in one of them: more is no teaser, but a list of them
_TEASER_PARTS = 60  # elements of one that are looked at
_MOST = 400  # pictures of one page
_TOLD = 4  # addresses that a framed picture keeps beside it, for whoever judges it
_AGENCY = 20  # characters: words in a picture's box that are no more are whose it is
_SHORTEST_NAME = 8  # characters of a file name that tells pictures apart


def frame(
    tree: Tree, title: str = "", stated: Mapping[str, str] | None = None, url: str = ""
) -> dict[str, Media]:
    """Stand each picture in a `figure` of its own with its caption, drop decoration, and say what stands.

    Changes the tree; pictures must have been repaired. ``stated`` has captions by the `named` of addresses;
    ``url`` is the page's, to tell what stands beside the headline of another of its site.
    """
    images = [(node, node.attributes) for node in tree.css("[src]") if node.tag in IMAGES]
    images = [(image, said) for image, said in images if FRAMED not in said]
    words = _held(_SUSPECT_FILE, [said.get("src") or "" for _, said in images])
    decoration = [
        _is_decoration(said, words) or _is_teaser(image, url) or _is_called_decoration(image, said)
        for image, said in images
    ]
    drop([image for (image, _), is_idle in zip(images, decoration, strict=True) if is_idle])
    images = [each for each, is_idle in zip(images, decoration, strict=True) if not is_idle][:_MOST]
    framed: dict[str, Media] = {}
    places: list[tuple[Node, str]] = []
    spent: dict[int, Node] = {}
    figures: Figures = {}
    for image, said in images:
        link = said.get("src") or ""
        where = standing(image)
        spent[where.held.mem_id] = where.held
        if link not in framed:
            found = beside(where, spent, title, figures)
            framed[link] = _describe(said, found.said, title, stated or {})
            places.append((found.place, figure(framed[link], squeeze(said.get("alt") or ""))))
            spent |= {node.mem_id: node for node in (*found.said, *found.over)}
    placed(places, spent)
    return framed


def placed(places: list[tuple[Node, str]], spent: Mapping[int, Node]) -> None:
    """Put each written figure before the node in whose place it stands, and take out what is spent.

    What holds a new figure as well stays.
    """
    if not places:
        return
    body = Tree("".join(written for _, written in places)).body
    made = list(body.iter()) if body is not None else []
    above: set[int] = set()
    for (place, _), new in zip(places, made, strict=True):
        place.insert_before(new)
        box = place.parent
        while box is not None and box.mem_id not in above:
            above.add(box.mem_id)
            box = box.parent
    drop_apart([node for id, node in spent.items() if id not in above])


def figure(media: Media, alt: str) -> str:
    """Return a picture with its caption as this room writes it."""
    alt = "" if alt == media.caption else escape(alt)
    sizes = "".join(
        f' {name}="{size}"' for name, size in (("width", media.width), ("height", media.height)) if size
    )
    caption = f"<figcaption>{escape(media.caption)}</figcaption>" if media.caption else ""
    others = f' {CANDIDATES}="{escape(" ".join(media.candidates[:_TOLD]))}"' if media.candidates[1:] else ""
    picture = f'<img {FRAMED}="" src="{escape(media.url)}" alt="{alt}"{sizes}{others}>'
    return f'<figure {FRAMED}="">{picture}{caption}</figure>'


# --- what is no picture ---------------------------------------------------------------------------


def _held(words: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words that are in any of some texts: to look for all in each takes five times as long."""
    whole = "\n".join(texts).lower()
    return tuple([word for word in words if word in whole])


def _is_decoration(said: Attributes, words: tuple[str, ...]) -> bool:
    """Say whether an image is an icon or a counter by its file or size, hidden, or has no address.

    ``words`` are those of `_SUSPECT_FILE` that its address may hold.
    """
    link = said.get("src") or ""
    if not link.startswith("http") or _is_tiny(said) or _is_decorative(link, words):
        return True
    return "hidden" in said or bool(_HIDDEN.search(said.get("style") or ""))


def _is_called_decoration(image: Node, said: Attributes) -> bool:
    """Say whether an image, or what is around it, is called an icon or a portrait of the author."""
    around = image.parent
    beyond = around.parent if around is not None else None
    near = naming(said) + (" " + naming(around.attributes) if around is not None else "")
    far = naming(beyond.attributes) if beyond is not None else ""
    if not any(map(f"{near} {far}".lower().__contains__, _SUSPECT)):
        return False
    return bool(_DECORATION.search(hyphened(near)) or _PORTRAIT.search(hyphened(far)))


def _is_teaser(image: Node, url: str) -> bool:
    """Say whether a picture stands with the headline of another page of the site, and both lead there."""
    link = leads_elsewhere(image)
    href = attribute(link, "href") if link is not None else ""
    if link is None or not _is_of_site(href, url):
        return False
    if len(squeeze(link.text() or "")) >= _HEADLINE and link.css_first("figcaption,[class*=caption]") is None:
        return True
    around = link.parent
    for _ in range(_TEASER_CLIMB):
        if around is None or around.tag in ("body", "article", "main"):
            return False
        links = _few_links(around)
        if any(
            attribute(each, "href") == href and len((each.text() or "").strip()) >= _HEADLINE
            for each in links
        ):
            return True
        if len(links) > _TEASER_LINKS:
            return False
        around = around.parent
    return False


def _few_links(node: Node) -> list[Node]:
    """Return the first links below a node; it does not look far."""
    parts = islice(node.traverse(), _TEASER_PARTS)
    return list(islice((part for part in parts if part.tag == "a"), _TEASER_LINKS + 1))


def _is_of_site(href: str, url: str) -> bool:
    """Say whether a link stays on the page's site; one without a host does."""
    if not href.startswith(("http", "//")):
        return True
    origin = href[: href.find("/", 8) + 1]
    if origin and url.startswith(origin):  # nearly always, if it does
        return True
    return host(absolute(url, href) or "").split(".")[-2:] == host(url).split(".")[-2:]


def _is_decorative(link: str, words: tuple[str, ...] = _SUSPECT_FILE) -> bool:
    path = link[:_LONGEST_PATH].partition("?")[0].lower()
    return any(map(path.__contains__, words)) and bool(_DECORATIVE_FILE.search(path))


def _is_tiny(said: Attributes) -> bool:
    width, height = _size(said, "width"), _size(said, "height")
    return (width is not None and width < _SMALL) or (height is not None and height < _SMALL)


def _size(said: Attributes, name: str) -> int | None:
    size = said.get(name)
    if not size:
        return None
    if len(size) < 5 and size.isdecimal() and size.isascii():  # nearly always
        return int(size)
    size = size.strip().removesuffix("px")
    return int(size) if size.isascii() and size.isdecimal() else None


# --- what is said of one --------------------------------------------------------------------------


def _describe(said: Attributes, nodes: list[Node], title: str, stated: Mapping[str, str]) -> Media:
    caption, credit = written(nodes) if nodes else ("", None)
    link = said.get("src") or ""
    is_credit = bool(caption) and _is_only_credit(caption, credit, nodes)
    if (is_credit or not caption) and (other := _other(said, link, title, stated)):
        caption, credit = other, credit or caption or None
    media = Media(
        url=link,
        candidates=tuple((said.get(CANDIDATES) or link).split()),
        caption=caption or None,
        credit=credit or (credit_in(caption) if caption else None) or _credited(said),
        width=_size(said, "width"),
        height=_size(said, "height"),
    )
    return told(media)


def _is_only_credit(caption: str, credit: str | None, nodes: list[Node]) -> bool:
    """Say whether words beside a picture may only be whose it is; nobody calls them a caption."""
    return (caption == credit or (not credit and len(caption) <= _AGENCY)) and not any(map(is_called, nodes))


def _other(said: Attributes, link: str, title: str, stated: Mapping[str, str]) -> str:
    """Return a caption that a reader of the page doesn't see."""
    known = stated.get(named(link)) if stated else None
    return _told(said, title) or known or _alternative(said, title) or ""


def _credited(said: Attributes) -> str | None:
    return next((squeeze(credit) for name in _CREDITS if (credit := said.get(name))), None)


def named(link: str) -> str:
    """Return what tells a picture in all its sizes: the name of its file, or if that is short the address."""
    name = path_of(link).rpartition("/")[2]
    return name.lower() if len(name) >= _SHORTEST_NAME else link


def _told(said: Attributes, title: str) -> str | None:
    """Return the caption that an attribute of that name holds."""
    if not said.get("data-caption"):
        return None
    caption = squeeze(unescape(_TAG.sub(" ", said.get("data-caption") or "")))
    return caption if 2 <= len(caption) <= LONGEST and caption != title else None


def _alternative(said: Attributes, title: str) -> str | None:
    """Return the alt or title text where it is a caption."""
    for name in ("alt", "title"):
        text = said.get(name)
        if text and (found := alternative(squeeze(text), title)):
            return found
    return None


def alternative(alt: str, title: str) -> str | None:
    """Return an alternative text where it is a caption: a sentence, and not the headline again."""
    if title and alt.startswith(title):
        alt = alt[len(title) :].lstrip(" -–—:|")
    sentence = len(alt) >= 60 or (len(alt) >= 15 and alt[-1] in "。.）)！!")
    return alt if sentence and len(alt) <= LONGEST and not _FILE_NAME.search(alt) else None


# --- what is left -----------------------------------------------------------------------------------

_SOURCE = re.compile(r'<(?:img src|a href)="([^"]*)"')


def shown(html: str, framed: Mapping[str, Media]) -> tuple[Media, ...]:
    """Return the pictures and players of clean HTML, in its order but the lead picture first."""
    links = dict.fromkeys(unescape(link) for link in _SOURCE.findall(html))
    found = [framed[link] for link in links if link in framed]
    first = next((media for media in found if media.kind == "image"), None)
    return tuple(found) if first is None else (first, *(media for media in found if media is not first))


def lead(
    shown: tuple[Media, ...], offered: Iterable[str], captions: Mapping[str, str] | None = None
) -> tuple[Media, ...]:
    """Return the media, and where no picture is among them first the one that the page offers for sharing.

    ``captions`` are by the `named` of addresses.
    """
    if any(media.kind == "image" for media in shown):
        return shown
    said = captions or {}
    usable = [link for link in offered if not _is_decorative(link)][:1]
    pictures = (told(Media(url=link, candidates=(link,), caption=said.get(named(link)))) for link in usable)
    return (*pictures, *shown)


def with_films(media: tuple[Media, ...], films: Iterable[Media]) -> tuple[Media, ...]:
    """Return the media, and after them a stated film where the article shows none."""
    return media if any(each.kind == "video" for each in media) else (*media, *films)
