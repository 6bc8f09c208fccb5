"""Pictures that tell something: each in a `figure` with its caption, wherever the page had put it."""

import re
from collections.abc import Iterator
from html import escape, unescape

from dibao.extract.pictures import CANDIDATES
from dibao.extract.tree import (
    BLOCKS,
    Node,
    Tree,
    ancestors,
    attribute,
    children,
    drop,
    kind,
    linked,
    names,
    words,
)
from dibao.model import Media
from dibao.text import squeeze

_SMALL = 65  # pixels: icons and avatars are not wider or higher
_LONGEST = 400  # characters of a caption
_CLIMB = 6  # elements that are only there to hold the picture

_DECORATION = re.compile(
    r"(?<![a-z])(icons?|logos?|avatars?|emoji|sprites?|badges?|gravatar|spinner|qr-?code|button|author|profile)(?![a-z])"
)
_DECORATIVE_FILE = re.compile(
    r"(?:^|[/_.-])(?:icons?|logos?|avatars?|emoji|sprites?|badges?|gravatar|favicon|twitter|facebook|weibo|line|plurk)(?:[/_.\d-]|$)|/stat\?|\.svg(?:\?|$)",
    re.I,
)
_CAPTION = re.compile(
    r"(?<![a-z])(captions?|figcaption|image-?(description|text)|photo-?(text|info)|pic-?(text|info|desc)|legend|cutline)(?![a-z])"
)
_CREDIT_CLASS = re.compile(
    r"(?<![a-z])(credits?|cred|copyright|photographer|image-?source|source|attribution)(?![a-z])"
)
_MARKED = re.compile(r"^[▲△▼▽◤◥⬆↑]\s*")
_WRITTEN_CREDITS = (
    re.compile(r"(?:(?:photo|image|picture)s?(?: credit)?s?|credit|foto|bild)\s*:\s*([^:：]{2,80})$", re.I),
    re.compile(r"(?:^|[.。]\s*)(?:photograph|photo|picture|image)s? by ([^:：]{2,80})$", re.I),
    re.compile(
        r"(?:图片来源|圖片來源|图片|圖片|照片|资料图|資料照|资料照片|圖片提供|圖源|图源|图|圖|摄|攝|攝影|摄影|題圖來自|题图来自|來源|来源)\s*[／/:：︱|]\s*"
        r"([^／:：（）()，。；]{2,40})[）)]?\s*$"
    ),
    re.compile(
        r"[（(]([^（）()，。：:]{0,12}(?:社|報|报|網|网|新聞|新闻|提供|攝|摄|資料照|資料圖片))[）)]\s*$"
    ),
    re.compile(
        r"\(((?:AP|AFP|Reuters|Getty|EPA|Xinhua|Bloomberg|TASS|dpa|PA)[^()]{0,60}|[^()]{0,60}/(?:AP|AFP|Reuters|Getty)[^()]{0,40})\)\s*$"
    ),
)
_FILE_NAME = re.compile(r"^[\w.-]+\.(?:jpe?g|png|gif|webp)$|^(?:IMG|DSC)_?\d+|^https?:", re.I)


def frame(tree: Tree, title: str = "") -> dict[str, Media]:
    """Stand each picture in a `figure` of its own with its caption, take decoration out, and say what stands.

    Changes the tree; pictures must have been repaired.
    """
    drop([image for image in tree.css("img,amp-img") if is_decoration(image)])
    framed: dict[str, Media] = {}
    spent: list[Node] = []
    for image in tree.css("img,amp-img"):
        link = attribute(image, "src")
        if link not in framed:
            framed[link] = _describe(image, title, spent)
            holder = _holder(image)
            holder.insert_before(_figure(framed[link], squeeze(attribute(image, "alt"))))
            spent.append(holder)
        else:
            spent.append(image)
    drop(_outermost_kept(spent))
    return framed


def _outermost_kept(spent: list[Node]) -> list[Node]:
    """Return the nodes without those that hold a new figure."""
    return [node for node in spent if node.css_first("figure[data-framed]") is None]


def _figure(media: Media, alt: str) -> Node:
    alt = "" if alt == media.caption else escape(alt)
    sizes = "".join(
        f' {name}="{size}"' for name, size in (("width", media.width), ("height", media.height)) if size
    )
    caption = f"<figcaption>{escape(media.caption)}</figcaption>" if media.caption else ""
    picture = f'<img src="{escape(media.url)}" alt="{alt}"{sizes}>'
    written = Tree(f'<figure data-framed="">{picture}{caption}</figure>').css_first("figure")
    assert written is not None
    return written


def is_decoration(image: Node) -> bool:
    """Say whether an image is an icon, a logo, a counter, or has no address."""
    link = attribute(image, "src")
    sizes = [int(size) for name in ("width", "height") if (size := attribute(image, name)).isdecimal()]
    near = names(image) + (" " + names(image.parent) if image.parent is not None else "")
    tiny = any(size < _SMALL for size in sizes)
    return (
        not link.startswith("http") or tiny or bool(_DECORATIVE_FILE.search(link) or _DECORATION.search(near))
    )


def _describe(image: Node, title: str, spent: list[Node]) -> Media:
    said = _caption_nodes(image)
    spent.extend(said)
    caption, credit = _written(said)
    caption = _MARKED.sub("", caption)
    width, height = (
        int(size) if (size := attribute(image, name)).isdecimal() else None for name in ("width", "height")
    )
    return Media(
        url=attribute(image, "src"),
        candidates=tuple(attribute(image, CANDIDATES).split()),
        caption=caption or alternative(image, title),
        credit=credit or credit_in(caption),
        width=width,
        height=height,
    )


def alternative(image: Node, title: str) -> str | None:
    """Return the alt text where it is a caption: a sentence, and not the headline again."""
    alt = squeeze(attribute(image, "alt"))
    sentence = len(alt) >= 60 or (len(alt) >= 15 and alt[-1] in "。.）)！!")
    return alt if sentence and len(alt) <= _LONGEST and alt != title and not _FILE_NAME.search(alt) else None


def credit_in(caption: str) -> str | None:
    """Return the photo credit at the end of a caption, as in "…（中新社）" or "… (Reuters)"."""
    for pattern in _WRITTEN_CREDITS:
        found = pattern.search(caption)
        if found:
            return found[1].strip(" 　.。")
    return None


def _written(said: list[Node]) -> tuple[str, str | None]:
    """Return the caption, and the credit that stands apart from it."""
    apart = [node for caption in said for node in caption.css("*") if _CREDIT_CLASS.search(names(node))]
    credit = words(apart[0]) if apart else ""
    text = squeeze(" ".join(_lines(node) for node in said))
    if credit and text != credit:
        text = squeeze(text.replace(credit, " "))
    return text[:_LONGEST], (credit_in(credit) or credit[:100]) if credit else None


def _lines(node: Node) -> str:
    """Return the text of a node, its blocks and line breaks apart by a space."""
    return "".join(
        child.text_content or ""
        if kind(child) == "-text"
        else " "
        if kind(child) in BLOCKS or kind(child) == "br"
        else ""
        for child in node.traverse(include_text=True)
    )


# --- where the caption is -------------------------------------------------------------------------


def _holder(image: Node) -> Node:
    """Return the outermost element that is only there for this picture."""
    holder = image
    for around in list(ancestors(image))[:_CLIMB]:
        if (
            kind(around) in ("body", "article", "main", "td", "li")
            or len(around.css("img,amp-img")) > 1
            or words(around)
        ):
            break
        holder = around
    return holder


def _caption_nodes(image: Node) -> list[Node]:
    for around in list(ancestors(image))[:_CLIMB]:
        if kind(around) == "figure":
            first = around.css_first("img,amp-img")
            return around.css("figcaption") if first is not None and first.mem_id == image.mem_id else []
    return list(_after(_holder(image)))[:1]


def _after(holder: Node) -> Iterator[Node]:
    """Yield the block right after a picture if it is its caption."""
    following = _next(holder)
    around = holder.parent
    if (
        following is None
        or around is None
        or kind(following) in ("figure", "h1", "h2", "h3", "ul", "ol", "table")
    ):
        return
    text = words(following)
    if (
        not 2 <= len(text) <= _LONGEST
        or following.css_first("img,amp-img") is not None
        or linked(following) > 0.8
    ):
        return
    called = _CAPTION.search(names(following)) or following.css_first("figcaption") is not None
    inner = following.css_first("[class*=caption]")
    alone = _together(holder, following, around)
    if called or inner is not None or _MARKED.match(text) or _repeats_alt(holder, text) or alone:
        yield following


def _repeats_alt(holder: Node, text: str) -> bool:
    image = holder if kind(holder) == "img" else holder.css_first("img")
    return image is not None and squeeze(attribute(image, "alt")) == text


def _together(holder: Node, following: Node, around: Node) -> bool:
    """Say whether a box holds just the picture and this text."""
    inside = [child for child in children(around) if words(child) or child.mem_id == holder.mem_id]
    box = kind(around) in ("div", "span", "a") and kind(following) not in ("p", "blockquote")
    return (
        box
        and [child.mem_id for child in inside] == [holder.mem_id, following.mem_id]
        and len(words(following)) <= 200
    )


def _next(node: Node) -> Node | None:
    """Return the next element, if no text stands between."""
    following = node.next
    while following is not None and kind(following).startswith("-"):
        if kind(following) == "-text" and squeeze(following.text_content or ""):
            return None
        following = following.next
    return following


# --- what is left -----------------------------------------------------------------------------------

_SOURCE = re.compile(r'<img src="([^"]*)"')


def shown(html: str, framed: dict[str, Media]) -> tuple[Media, ...]:
    """Return the pictures of clean HTML, in its order."""
    links = dict.fromkeys(unescape(link) for link in _SOURCE.findall(html))
    return tuple(framed[link] for link in links if link in framed)


def lead(shown: tuple[Media, ...], offered: tuple[str, ...]) -> tuple[Media, ...]:
    """Return the pictures, or where there is none the one that the page offers for sharing."""
    usable = [link for link in offered if not _DECORATIVE_FILE.search(link)]
    return shown or tuple(Media(url=link, candidates=(link,)) for link in usable[:1])
