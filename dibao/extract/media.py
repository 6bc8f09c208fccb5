"""Pictures that tell something: each in a `figure` with its caption, wherever the page had put it."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from urllib.parse import urlsplit

from dibao.extract.captions import LONGEST, beside, credit_in, holder, hyphened, is_called, naming, written
from dibao.extract.occasions import told
from dibao.extract.pictures import CANDIDATES, IMAGES, drop_apart
from dibao.extract.tree import Node, Tree, drop
from dibao.model import Media
from dibao.text import squeeze

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
    r"(?:^|[/_.-])(?:icons?|logos?|(?:gr)?avatars?|emoji|sprites?|badges?|favicon|twitter|facebook|weibo|line|plurk)(?:[/_.\d-]|$)"
    r"|servicelinks|/stat\?|\.svg(?:\?|$)|/(?:pixel|beacon|tracker|tracking|counter|impression|hit|tr)(?:\.gif)?(?:\?|$)"
)
# Cheap to look for, before anything above is.
_SUSPECT = "icon logo avatar emoji sprite badge spinner qr button author profile byline".split()
_SUSPECT_FILE = (
    "icon logo avatar emoji sprite badge twitter facebook weibo line plurk servicelinks "
    "/stat? .svg pixel beacon /track /tr counter /hit impression"
).split()
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FILE_NAME = re.compile(r"^[\w.-]+\.(?:jpe?g|png|gif|webp)$|^(?:IMG|DSC)_?\d+|^https?:", re.I)
_TAG = re.compile(r"<[^>]*>")
_CREDITS = ("data-credit", "data-copyright", "data-photographer")
_AGENCY = 20  # characters: words in a picture's box that are no more are whose it is
_SHORTEST_NAME = 8  # characters of a file name that tells pictures apart


def frame(tree: Tree, title: str = "", stated: Mapping[str, str] | None = None) -> dict[str, Media]:
    """Stand each picture in a `figure` of its own with its caption, drop decoration, and say what stands.

    Changes the tree; pictures must have been repaired. ``stated`` has captions by the `named` of addresses.
    """
    images = [(node, node.attributes) for node in tree.css("[src]") if node.tag in IMAGES]
    images = [(image, said) for image, said in images if FRAMED not in said]
    decoration = [_is_decoration(image, said) for image, said in images]
    drop([image for (image, _), is_idle in zip(images, decoration, strict=True) if is_idle])
    images = [each for each, is_idle in zip(images, decoration, strict=True) if not is_idle]
    framed: dict[str, Media] = {}
    places: list[tuple[Node, str]] = []
    spent: dict[int, Node] = {}
    for image, said in images:
        link = said.get("src") or ""
        held = holder(image)
        spent[held.mem_id] = held
        if link not in framed:
            nodes, place = beside(image, held, spent, title)
            framed[link] = _describe(said, nodes, title, stated or {})
            places.append((place, figure(framed[link], squeeze(said.get("alt") or ""))))
            spent |= {node.mem_id: node for node in nodes}
    placed(places, spent)
    return framed


def placed(places: list[tuple[Node, str]], spent: Mapping[int, Node]) -> None:
    """Put each written figure before the node in whose place it stands, and take out what is spent.

    What holds a new figure as well stays.
    """
    made = Tree("".join(written for _, written in places)).css(f"figure[{FRAMED}]") if places else []
    above: set[int] = set()
    for (place, _), new in zip(places, made, strict=True):
        place.insert_before(new)
        around = place.parent
        while around is not None and around.mem_id not in above:
            above.add(around.mem_id)
            around = around.parent
    drop_apart([node for id, node in spent.items() if id not in above])


def figure(media: Media, alt: str) -> str:
    """Return a picture with its caption as this room writes it."""
    alt = "" if alt == media.caption else escape(alt)
    sizes = "".join(
        f' {name}="{size}"' for name, size in (("width", media.width), ("height", media.height)) if size
    )
    caption = f"<figcaption>{escape(media.caption)}</figcaption>" if media.caption else ""
    picture = f'<img {FRAMED}="" src="{escape(media.url)}" alt="{alt}"{sizes}>'
    return f'<figure {FRAMED}="">{picture}{caption}</figure>'


# --- what is no picture ---------------------------------------------------------------------------


def _is_decoration(image: Node, said: Attributes) -> bool:
    """Say whether an image is an icon, a portrait of the author, a counter, hidden, or has no address."""
    link = said.get("src") or ""
    if not link.startswith("http") or _is_tiny(said) or _is_decorative(link):
        return True
    if "hidden" in said or _HIDDEN.search(said.get("style") or ""):
        return True
    around = image.parent
    beyond = around.parent if around is not None else None
    near = naming(said) + (" " + naming(around.attributes) if around is not None else "")
    far = naming(beyond.attributes) if beyond is not None else ""
    suspect = _has(f"{near} {far}".lower(), _SUSPECT)
    return suspect and bool(_DECORATION.search(hyphened(near)) or _PORTRAIT.search(hyphened(far)))


def _is_decorative(link: str) -> bool:
    link = link.lower()
    return _has(link, _SUSPECT_FILE) and bool(_DECORATIVE_FILE.search(link))


def _has(text: str, words: Iterable[str]) -> bool:
    """Say whether one of the words is in a text; many times faster than a pattern of them."""
    return any(word in text for word in words)


def _is_tiny(said: Attributes) -> bool:
    return any(size is not None and size < _SMALL for size in (_size(said, "width"), _size(said, "height")))


def _size(said: Attributes, name: str) -> int | None:
    size = (said.get(name) or "").strip().removesuffix("px")
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
    return next(filter(None, (squeeze(said.get(name) or "") for name in _CREDITS)), None)


def named(link: str) -> str:
    """Return what tells a picture in all its sizes: the name of its file, or if that is short the address."""
    name = urlsplit(link).path.rpartition("/")[2]
    return name.lower() if len(name) >= _SHORTEST_NAME else link


def _told(said: Attributes, title: str) -> str | None:
    """Return the caption that an attribute of that name holds."""
    if not said.get("data-caption"):
        return None
    caption = squeeze(unescape(_TAG.sub(" ", said.get("data-caption") or "")))
    return caption if 2 <= len(caption) <= LONGEST and caption != title else None


def _alternative(said: Attributes, title: str) -> str | None:
    """Return the alt or title text where it is a caption."""
    alternatives = (alternative(squeeze(said.get(name) or ""), title) for name in ("alt", "title"))
    return next(filter(None, alternatives), None)


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
