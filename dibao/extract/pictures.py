"""Lazy pictures made real: `<picture>`, srcset, data-src and noscript become one src, the best of them."""

import re
from collections.abc import Mapping

from dibao.extract.tree import Node, Tree, attribute, children, drop, kind, names
from dibao.urls import absolute

IMAGES = frozenset(["img", "amp-img"])
CANDIDATES = "data-candidates"  # where a repaired picture keeps all its addresses, the best first
WIDEST = 2560  # pixels: what is wider is only taken where nothing smaller is offered

_NOSCRIPT = "data-noscript-src"  # the address that the copy for browsers without scripts has
_LAZY = frozenset(
    [
        _NOSCRIPT,
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
        "data-orig-file",
        "data-large-file",
    ]
)
_SETS = frozenset(["data-srcset", "data-lazy-srcset", "srcset", "data-original-set"])
_WANTED = 'img,amp-img,noscript,[style*="url("],[data-bg]'  # one look for all costs less than two
_NO_BOX = frozenset(
    [*IMAGES, "html", "body", "source", "iframe", "noscript", "script", "video", "audio", "embed", "input"]
)
_MODERN = ("image/webp", "image/avif", "image/jxl")
_SIZE = re.compile(r"(\d{1,5}(?:\.\d+)?)([wx]),?")
_SIZE_ENDS = "wx,"
_GLUED = re.compile(r"(\s\d{1,5}(?:\.\d+)?[wx],)(?=\S)")  # "a.jpg 1x,b.jpg 2x"
_MIN_WIDTH = re.compile(r"min-width\s*:\s*(\d+)")
_NO_ADDRESS = ("data:", "blob:", "about:", "javascript:", "#")
_PLACEHOLDER = re.compile(
    r"(?:^|[_-])(?:blank|spacer|placeholder|loading|lazy(?:load)?|transparent|pixel|1x1|default[_-]?img)"
    r".*\.(?:gif|png|svg|jpe?g|webp)$"
)
_STANDING_IN = tuple("blank spacer placeholder loading lazy transparent pixel 1x1 default".split())  # in it
_BLURRED = re.compile(r"[?&,/_:-](?:e_)?(?:blur|lqip)(?:[=:_]|(?=[/,&]))")
_FILES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
_BREAKS = re.compile(r"[\s{}<>]")
_NO_FILE = re.compile(
    r"/wiki/|[?&/](?:page|url|redirect|share)[=/]", re.I
)  # pages named as the picture they show
_LESSER = re.compile(r"thumb|small|tiny|low|lqip|blur|placeholder|avatar|author|logo|icon|hover|pin|share")
_STATED = re.compile(
    r"(?:[?&;/,_.-]|%2C)(?:w|width|imwidth|mw|wid|resize|maxwidth)[=_:-]?(\d{2,4})(?!\d)"
    r"|[/_-](\d{2,4})x\d{2,4}(?=[/._?-]|$)|/(\d{3,4})w?/",
    re.I,
)
_MADE_SIZE = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w+$)|-scaled(?=\.\w+$)|/thumbs?(?=/)")
_ORIGIN = re.compile(r"https?://[^/?#\s]+")
_URL = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)")
_PICTURED = re.compile(
    r"(?<![a-z])(?:img|images?|photos?|pics?|pictures?|hero|cover|thumb(?:nail)?|lead|featured|poster|media)(?![a-z])"
)
_NEARLY = 0.85  # of the largest: the page's own choice is as good
_ENOUGH = 1000  # pixels: a picture as wide is not replaced by one of unknown width that it links to
_LONGEST_ADDRESS = 2000  # characters
_MOST = 40  # addresses of one picture
_OR_MORE = 0.25  # pixels: marks the width of a screen, from which a source is for it
_LEAST = 0.5  # pixels: comes after what is offered without a width
_TINY = 65  # pixels: a counter, or a blur that stands in until the picture is there

Attributes = Mapping[str, str | None]
Offer = tuple[float, str]  # width in pixels (0: not said), address


def repair(tree: Tree, url: str) -> None:
    """Give every picture of the page its largest address, the others beside it; drop what has none."""
    nodes = tree.css(_WANTED)
    noscripts = [node for node in nodes if node.tag == "noscript"]
    inside = {image.mem_id for noscript in noscripts for image in noscript.css("img,amp-img")}
    nodes = [node for node in nodes if node.mem_id not in inside] if inside else nodes
    images = [node for node in nodes if node.tag in IMAGES] + _unwrap(noscripts)
    images += _backgrounds([node for node in nodes if node.tag not in _NO_BOX])
    drop_apart([image for image in images if not _repair(image, url)])


def _repair(image: Node, url: str) -> bool:
    """Set an image's addresses, and say whether it has one."""
    attributes = image.attributes
    offers = [(width, _absolute(url, link)) for width, link in _offers(image, attributes)]
    ranked = _ranked([(width, link) for width, link in offers if link])
    if ranked and ranked[0] != attributes.get("src"):
        image.attrs["src"] = ranked[0]
    if len(ranked) > 1:
        image.attrs[CANDIDATES] = " ".join(ranked[:_MOST])
    return bool(ranked)


def _absolute(url: str, link: str) -> str | None:
    """Return what `absolute` does, sooner for a link from the root."""
    if link[:1] == "/" and link[:2] != "//" and "/." not in link and (origin := _ORIGIN.match(url)):
        return absolute(None, origin[0] + link)
    return absolute(url, link)


def drop_apart(nodes: list[Node]) -> None:
    """Take nodes out of their tree, in whatever order they come, and also where they stand in each other."""
    wanted = {node.mem_id: node for node in nodes}
    clear: set[int] = set()  # elements that stand in none of them
    outermost = []
    for node in wanted.values():
        climbed = []
        around = node.parent
        while around is not None and around.mem_id not in wanted and around.mem_id not in clear:
            climbed.append(around.mem_id)
            around = around.parent
        if around is None or around.mem_id in clear:
            clear.update(climbed)
            outermost.append(node)
    drop(outermost)


# --- what is offered ------------------------------------------------------------------------------


def _offers(image: Node, attributes: Attributes) -> list[Offer]:
    """Return what an image may show: what its `<picture>` offers, the image's own, and what it links to."""
    around = image.parent
    if around is None:
        return _of(attributes)
    if around.tag != "picture":
        return _of(attributes) + _linked(around)
    said = [each.attributes for each in children(around) if each.tag == "source"]
    modern = [each for each in said if (each.get("type") or "").lower() in _MODERN]
    plain = [offer for each in said if each not in modern for offer in _of(each, _least_width(each))]
    # The same picture again, made for fewer programs, comes last.
    newer = [offer for each in modern for offer in _of(each, _LEAST)]
    return plain + _of(attributes) + newer + _linked(around)


def _least_width(source: Attributes) -> float:
    least = _MIN_WIDTH.search(source.get("media") or "")
    return float(least[1]) + _OR_MORE if least else 0.0


def _of(attributes: Attributes, width: float = 0.0) -> list[Offer]:
    """Return what one element offers: its sets, then its lazy addresses, then its plain one."""
    sets: list[Offer] = []
    lazy = []
    for name, value in attributes.items():
        if not value or (name[:5] != "data-" and name != "srcset"):
            continue
        if name in _SETS:
            sets += [(offered or width, link) for offered, link in srcset(value)]
        elif name in _LAZY or _is_address(name, value):
            lazy.append(value)
    lazy.append(attributes.get("src") or "")
    return sets + [(0.0, link) for link in lazy if not _is_placeholder(link)]


def _is_address(name: str, value: str) -> bool:
    """Say whether an attribute of the site's own naming holds a picture's address, not a lesser copy's."""
    return name != CANDIDATES and _is_file(value) and not _LESSER.search(name)


def srcset(value: str) -> list[Offer]:
    """Return the addresses of a srcset with their width; 2x counts as 2000 pixels."""
    offers: list[Offer] = []
    link = ""
    if "," in value and value.count(",") > value.count(", "):
        value = _GLUED.sub(r"\1 ", value)
    for token in value.split():
        size = _SIZE.fullmatch(token) if link and token[-1] in _SIZE_ENDS else None
        if size:
            offers.append((float(size[1]) * (1000 if size[2] == "x" else 1), link))
            link = ""
        else:
            offers.append((0.0, link))
            link = token.strip(",")
    offers.append((0.0, link))
    return [(width, link) for width, link in offers if not _is_placeholder(link)]


def _is_placeholder(link: str) -> bool:
    """Say whether a link leads to no picture, or to one that only stands in until the picture is there."""
    if not link or link.startswith(_NO_ADDRESS) or "{" in link:
        return True
    path = link.partition("?")[0]
    name = path[path.rfind("/") + 1 :].lower()
    return any(map(name.__contains__, _STANDING_IN)) and bool(_PLACEHOLDER.search(name))


def _linked(around: Node) -> list[Offer]:
    """Return the picture that a small one links to; its width is not said."""
    link: Node | None = around if around.tag == "a" else around.parent
    href = attribute(link, "href") if link is not None and link.tag == "a" else ""
    return [(-1.0, href)] if _is_file(href) and not _NO_FILE.search(href) else []


def _is_file(link: str) -> bool:
    """Say whether a link is one address, and by its name a picture's."""
    path = link.partition("?")[0] if "?" in link else link
    if path[-5:].lower().endswith(_FILES):
        return len(link) <= _LONGEST_ADDRESS and not _BREAKS.search(link)
    return False


# --- which is best --------------------------------------------------------------------------------


def _ranked(offers: list[Offer]) -> list[str]:
    """Return each address once, the best first."""
    if len(offers) < 2:
        return [link for _, link in offers]
    widths: dict[str, float] = {}
    for width, link in offers:
        widths[link] = max(width, widths.get(link, width))
    own = [link for link, width in widths.items() if not width]
    for link, width in widths.items():
        if not width or (width > 1 and width % 1 == _OR_MORE):
            widths[link] = max(width, _stated_width(link))
    clear = {link: width for link, width in widths.items() if not _is_blurred(link)} or widths
    return _by_size(clear, own)


def _is_blurred(link: str) -> bool:
    return ("blur" in link or "lqip" in link) and bool(_BLURRED.search(link))


def _stated_width(link: str) -> float:
    found = _STATED.search(link)
    return float(next(filter(None, found.groups()))) if found else 0.0


def _by_size(widths: dict[str, float], own: list[str]) -> list[str]:
    """Return the addresses, the best first; as written, where no width is said."""
    largest = max((width for width in widths.values() if width <= WIDEST), default=0.0)
    target = next((link for link, width in widths.items() if width < 0), None)
    links = sorted(widths, key=lambda link: _rank(widths[link]))
    good = next((link for link in own if link in widths and _is_as_good(link, links[0], widths)), None)
    first = target if target and largest < _ENOUGH else good
    return [first, *(link for link in links if link != first)] if first else links


def _rank(width: float) -> tuple[int, float]:
    """Return a sort key: the largest first, then those larger than a screen, the least of these first."""
    if width > WIDEST:
        return 1, width
    if width <= 0:
        return 2, 0.0
    return (0, -width) if width >= _TINY else (3, -width)


def _is_as_good(own: str, largest: str, widths: dict[str, float]) -> bool:
    """Say whether the page's own choice of address is the original of the largest, or nearly as large."""
    if own == largest or widths[largest] <= 0:
        return False
    own_path, path = path_of(own), path_of(largest)
    if own_path == path:
        return _NEARLY * widths[largest] <= widths[own]
    plain = widths[own] <= 0 and _MADE_SIZE.sub("", own_path) == own_path
    return plain and (path.endswith(own_path) or _MADE_SIZE.sub("", path) == own_path)


def path_of(link: str) -> str:
    """Return the path of a sound address, sooner than by taking all of it apart."""
    plain = link.partition("#")[0].partition("?")[0]
    begins = plain.find("/", plain.find("//") + 2)
    return plain[begins:] if begins >= 0 else ""


# --- pictures that are no images yet --------------------------------------------------------------


def _unwrap(noscripts: list[Node]) -> list[Node]:
    """Keep a noscript's picture where no lazy one is beside it, else its address; return those kept."""
    kept = []
    for noscript in noscripts:
        real = _held(noscript)
        if real is None or _is_counter(real):
            continue
        lazy = _image_beside(noscript)
        if lazy is not None:
            _merge(lazy, real)
        else:
            noscript.insert_before(real)
            kept += [node for node in [noscript.prev] if node is not None]
    drop(noscripts)
    return kept


def _held(noscript: Node) -> Node | None:
    """Return the image in a noscript, which may stand there as text."""
    if noscript.first_child is None:
        return None
    image = noscript.css_first("img")
    if image is None and "<img" in (text := noscript.text() or ""):
        image = Tree(text).css_first("img")
    return image


def _is_counter(image: Node) -> bool:
    sizes = (attribute(image, name).removesuffix("px") for name in ("width", "height"))
    return any(size.isdecimal() and int(size) < _TINY for size in sizes)


def _merge(lazy: Node, real: Node) -> None:
    has, more = lazy.attributes, real.attributes
    empty = not _of(has)
    for name, value in more.items():
        if value and (empty or not has.get(name)) and name in ("alt", *_LAZY, *_SETS):
            lazy.attrs[name] = value
    if more.get("src"):
        lazy.attrs[_NOSCRIPT] = more["src"] or ""


def _image_beside(noscript: Node) -> Node | None:
    around = noscript.parent
    if around is not None and kind(around) == "amp-img":
        return around
    before, after = noscript.prev, noscript.next
    while before is not None and kind(before).startswith("-"):
        before = before.prev
    while after is not None and kind(after).startswith("-"):
        after = after.next
    if before is not None and kind(before) != "noscript":
        found = before if kind(before) == "img" else before.css_first("img")
        if found is not None:
            return found
    return after if after is not None and kind(after) == "img" else None


def _backgrounds(boxes: list[Node]) -> list[Node]:
    """Make an image of each picture that is only the background of a box for pictures, and return them."""
    made = []
    for box in boxes:
        link = attribute(box, "data-bg") or next(
            iter(_URL.findall(attribute(box, "style")[:_LONGEST_ADDRESS])), ""
        )
        called = _PICTURED.search(names(box)) or attribute(box, "role") == "img" or kind(box) == "figure"
        if link and called and box.css_first("img,amp-img,h1,p") is None:
            made.append(_put(box, link.removeprefix("url(").strip("'\")")))
    return made


def _put(box: Node, link: str) -> Node:
    """Put an image into a box, before what else it holds, and return it."""
    image = Tree("<img>").css_first("img")
    assert image is not None
    image.attrs["src"] = link
    image.attrs["alt"] = attribute(box, "aria-label") or attribute(box, "title")
    if box.first_child is not None:
        box.first_child.insert_before(image)
    else:
        box.insert_child(image)
    found = box.css_first("img")
    assert found is not None
    return found
