"""Lazy pictures made real: `<picture>`, srcset, data-src and noscript become one src, the best of them."""

import re
from collections.abc import Iterator

from dibao.extract.tree import Node, Tree, attribute, drop, kind
from dibao.urls import absolute

CANDIDATES = "data-candidates"  # where a repaired picture keeps all its addresses, the best first
WIDEST = 2560  # pixels: what is wider is only taken where nothing smaller is offered

_LAZY = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-actualsrc",
    "data-url",
    "data-original-src",
    "data-hi-res-src",
    "data-lazy",
    "data-echo",
    "data-img-src",
    "data-image",
]
_SETS = ["data-srcset", "data-lazy-srcset", "srcset", "data-original-set"]
_MODERN = ("image/webp", "image/avif", "image/jxl")
_SIZE = re.compile(r"(\d{1,5}(?:\.\d+)?)([wx]),?")
_GLUED = re.compile(r"(\s\d{1,5}(?:\.\d+)?[wx],)(?=\S)")  # "a.jpg 1x,b.jpg 2x"
_MIN_WIDTH = re.compile(r"min-width\s*:\s*(\d+)")
_PLACEHOLDER = re.compile(
    r"^data:|(?:^|[/_-])(?:blank|spacer|placeholder|loading|lazy(?:load)?|transparent|pixel|1x1|default[_-]?img)"
    r"[^/]*\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)",
    re.I,
)

Offer = tuple[float, str]  # width in pixels (0: not said), address


def repair(tree: Tree, url: str) -> None:
    """Give every picture of the page its largest address, and leave the others beside it."""
    _unwrap_noscript(tree)
    for image in tree.css("img,amp-img"):
        _repair(image, url)


def _repair(image: Node, url: str) -> None:
    offers = dict.fromkeys((width, absolute(url, link)) for width, link in _offers(image))
    ranked = _ranked([(width, link) for width, link in offers if link])
    if ranked:
        image.attrs["src"] = ranked[0]
        image.attrs[CANDIDATES] = " ".join(ranked)
    elif "src" in image.attributes:
        del image.attrs["src"]


def _ranked(offers: list[Offer]) -> list[str]:
    widths: dict[str, float] = {}
    for width, link in offers:
        widths[link] = max(width, widths.get(link, 0))
    return sorted(widths, key=lambda link: _rank(widths[link]))  # stable: as written, where no width is said


def _rank(width: float) -> tuple[int, float]:
    """Return a sort key: the largest first, then those larger than a screen, the least of these first."""
    if width > WIDEST:
        return 1, width
    return (0, -width) if width else (2, 0.0)


def _offers(image: Node) -> Iterator[Offer]:
    parent = image.parent
    sources = parent.css("source") if parent is not None and kind(parent) == "picture" else []
    modern = [source for source in sources if attribute(source, "type").lower() in _MODERN]
    for source in sources:
        if source not in modern:
            yield from _of(source, "")
    yield from _of(image, attribute(image, "src"))
    for source in modern:  # the same picture again, made for fewer programs
        yield from _of(source, "")


def _of(node: Node, plain: str) -> Iterator[Offer]:
    least = _MIN_WIDTH.search(attribute(node, "media"))
    width = float(least[1]) if least and attribute(node, "type").lower() not in _MODERN else 0.0
    for name in _SETS:
        for offered, link in srcset(attribute(node, name)):
            yield offered or width, link
    for link in [attribute(node, name) for name in _LAZY] + [plain]:
        yield from _offer(0.0, link)


def srcset(value: str) -> Iterator[Offer]:
    """Yield the addresses of a srcset with their width; 2x counts as 2000 pixels."""
    link = ""
    for token in _GLUED.sub(r"\1 ", value).split():
        size = _SIZE.fullmatch(token)
        if size and link:
            yield from _offer(float(size[1]) * (1000 if size[2] == "x" else 1), link)
            link = ""
        else:
            yield from _offer(0.0, link)
            link = token.strip(",")
    yield from _offer(0.0, link)


def _offer(width: float, link: str) -> Iterator[Offer]:
    if link and "{" not in link and not _PLACEHOLDER.search(link):
        yield width, link


def _unwrap_noscript(tree: Tree) -> None:
    """Keep the picture inside a noscript where the lazy one before it has no address, else drop it."""
    for noscript in tree.css("noscript"):
        real, lazy = noscript.css_first("img"), _image_before(noscript)
        if real is not None and lazy is None:
            noscript.insert_before(real)
        elif real is not None and lazy is not None and not any(_offers(lazy)):
            for name in ("src", *_LAZY, *_SETS):
                if attribute(real, name):
                    lazy.attrs[name] = attribute(real, name)
    drop(tree.css("noscript"))


def _image_before(noscript: Node) -> Node | None:
    before = noscript.prev
    while before is not None and kind(before).startswith("-"):
        before = before.prev
    if before is None:
        return None
    return before if kind(before) == "img" else before.css_first("img")
