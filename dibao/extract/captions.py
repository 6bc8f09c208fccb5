"""The words beside a picture: its caption and its credit, wherever the page had put them."""

import re
from collections.abc import Container, Mapping
from itertools import islice
from typing import NamedTuple

from dibao.extract.credits import photo_credit
from dibao.extract.pictures import IMAGES
from dibao.extract.tree import BLOCKS, Node, attribute, hyphened, kind, linked
from dibao.text import squeeze

LONGEST = 500  # characters of a caption
_CLIMB = 6  # elements that are only there to hold the picture
_LARGE = 4000  # characters, with the spaces between: no caption, and not worth a look
_SHORT = 200  # characters of a caption that only its place tells
_PARTS = 40  # elements of a caption, of which one may be the credit
_LINK_CLIMB = 3  # elements between a picture and the link around it
_NAME = 40  # characters of a credit by which alone a line is told to be a caption
_LINE = 80  # characters of a credit that stands alone
_LINKED = 0.8  # share of link text from which a line is no caption, unless it is called one

_ENDS = frozenset(
    ["body", "html", "article", "main", "td", "li"]
)  # what holds more than a picture, even if it is empty
_MUTE = frozenset(
    ["br", "wbr", "source", "script", "style", "meta", "link", "svg", "button", "noscript", "template"]
)
_SHOWING = IMAGES | {"iframe", "video", "audio", "object", "embed", "lite-youtube", "oembed"}
_NO_CAPTION = frozenset(
    ["figure", "h1", "h2", "h3", "ul", "ol", "table", "pre", "article", "section", "main"]
)
_NEVER = frozenset(["-text", "article", "section", "main", "ul", "ol", "table", "pre", "form"])
_LINES = ("p", "div", "center", "span")
_BOXES = ("div", "span", "a", "center")
_CAPTION = re.compile(
    r"(?<![a-z])(captions?|figcaption|(?:image|photo|picture|pic|media)-?(?:descr?\w*|text|info|sub-?title|meta|details?)|legende?|cutline)(?![a-z])"
)
CREDITED = re.compile(
    r"(?<![a-z])(credits?|cred|copyright|photographer|image-?source|photo-?source|source|attribution)(?![a-z])"
)
_PICTURE_BOX = re.compile(
    r"(?<![a-z])(img|image|photo|pic|picture|figure|media|wp-caption)[a-z]{0,5}(?![a-z])"
)
_ABOVE = re.compile(r"^[▲△◤◥⬆↑]\s*")  # what stands below a picture points up to it
_BELOW = re.compile(r"^[▼▽⬇↓]\s*")
_OPENING = re.compile(
    r"^[（(【]?(?:圖[為:：／/]|图[为:：／/]|圖說|图说|圖片|图片|資料照|资料图|示意圖|示意图|"
    r"Pictured?\b|FILE\b|File photo|Photo:|Foto:|Bild:|Im Bild|写真[:：＝])"
)
_CENTRED = re.compile(
    r"text-align\s*:\s*center|(?<![a-z])(?:text-?|align-?)?cent(?:er|re)(?:ed)?(?![a-z])", re.I
)
_TO_ITSELF = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)|/(?:photo|image|gallery|attachment|media|file)", re.I
)
_MARKS = re.compile(r"^[▲△▼▽◤◥⬆↑⬇↓]\s*")
_CREDIT_MARKS = (":", "：", "/", "／", "︱", "|", "(", "（", "©", " by ")  # no credit is written without one
_CREDIT_ONLY = re.compile(
    r"^[（(\[]?\s*(?:(?:photo|image|picture|photograph)s?(?: credits?)?(?: by|\s?:)|"
    r"credits?\s?:|fotos?\s?:|bild\s?:|crédits?(?: photos?)?\s?:|©|"
    r"(?:图片来源|圖片來源|圖片提供|圖源|图源|图|圖|攝影|摄影|攝|摄|題圖來自|题图来自)\s*[／/:：︱|])",
    re.I,
)


def naming(said: Mapping[str, str | None]) -> str:
    """Return class and id as they are written."""
    return f"{said.get('class') or ''} {said.get('id') or ''}"


def _names(node: Node) -> str:
    return hyphened(naming(node.attributes))


Figures = dict[int, tuple[list[Node], dict[int, int]]]  # of each: its captions, the places of its pictures


# --- what stands around a picture -----------------------------------------------------------------


class Spot(NamedTuple):
    """Where a picture stands."""

    picture: Node
    held: Node  # the outermost element that is only there for it
    before: Node | None  # the text or element beside that, which shows something
    after: Node | None


def standing(picture: Node) -> Spot:
    """Return where a picture stands."""
    held = picture
    for _ in range(_CLIMB):
        box, after, before = held.parent, _next(held), _before_it(held)
        if box is None or box.tag in _ENDS or after is not None or before is not None:
            return Spot(picture, held, before, after)
        held = box
    return Spot(picture, held, _before_it(held), _next(held))


def _next(node: Node) -> Node | None:
    """Return the text or element after a node that shows something."""
    step = node.next
    while step is not None and is_empty(step):
        step = step.next
    return step


def _before_it(node: Node) -> Node | None:
    """Return the text or element before a node that shows something."""
    step = node.prev
    while step is not None and is_empty(step):
        step = step.prev
    return step


def is_empty(node: Node) -> bool:
    """Say whether a reader sees nothing of a node."""
    name = node.tag or "-"
    if name == "-text":
        return not (node.text_content or "").strip()
    if name.startswith("-") or name in _MUTE:
        return True
    return name not in _SHOWING and not _shows(node)


def _shows(node: Node) -> bool:
    """Say whether there are words or pictures in an element; it looks no further than the first."""
    for child in node.traverse(include_text=True):
        if child.tag in _SHOWING or (child.tag == "-text" and (child.text_content or "").strip()):
            return True
    return False


# --- where the caption is -------------------------------------------------------------------------


class Beside(NamedTuple):
    """What belongs to a picture."""

    said: list[Node]  # what holds its caption and credit
    place: Node  # before which its figure is to stand
    over: list[Node]  # what holds nothing else, and goes


def beside(spot: Spot, spent: Container[int] = (), title: str = "", figures: Figures | None = None) -> Beside:
    """Return what belongs to a picture.

    Nodes that are spent, and the page's title, are nobody's caption. ``figures`` remembers what figures hold.
    """
    figure = _figure_around(spot.picture)
    if figure is not None:
        captions, pictures = _remembered(figure, figures)
        found = _in_figure(captions, pictures, spot.picture)
        if len(pictures) == 1 and _is_whole(figure, found):
            said = found or _after(spot, spent) or _before(spot, spent)
            return Beside([*said, *_credit_in_figure(figure, said)], standing(figure).held, [figure])
    else:
        found = []
    if not found and (line := _same_line(spot)) is not None:
        return Beside([line], line, [])
    found = found or _after(spot, spent) or _before(spot, spent)
    if title and found and _text(found[0]) == title:
        found = []
    return Beside([node for node in found if node.mem_id not in spent], spot.held, [])


def _figure_around(picture: Node) -> Node | None:
    box = picture.parent
    for _ in range(_CLIMB):
        if box is None or box.tag in _ENDS:
            return None
        if box.tag == "figure":
            return box
        box = box.parent
    return None


def _remembered(figure: Node, figures: Figures | None) -> tuple[list[Node], dict[int, int]]:
    known = {} if figures is None else figures
    if figure.mem_id not in known:
        known[figure.mem_id] = _held(figure)
    return known[figure.mem_id]


def _held(figure: Node) -> tuple[list[Node], dict[int, int]]:
    """Return a figure's captions, and the places of its pictures."""
    captions = figure.css("figcaption") or figure.css('[class*="caption"],[class*="legend"]')[:1]
    if captions and captions[0].css_first("img,amp-img") is not None:
        captions = []
    pictures = figure.css("img,amp-img,iframe,video,audio")
    return captions, {node.mem_id: place for place, node in enumerate(pictures)}


def _in_figure(captions: list[Node], pictures: Mapping[int, int], picture: Node) -> list[Node]:
    """Return a figure's captions where the picture is its first, or the one in the same place of as many."""
    place = pictures.get(picture.mem_id, 0)
    if len(captions) == len(pictures):
        return captions[place : place + 1]
    return captions if place == 0 else []


def _is_whole(figure: Node, captions: list[Node]) -> bool:
    """Say whether a figure holds no more than a picture, what is said of it, and a few words for its use."""
    more = len(_text(figure)) - sum(len(_text(caption)) for caption in captions)
    return more <= _SHORT and figure.css_first("table,blockquote,pre,ul,ol") is None


def _credit_in_figure(figure: Node, said: list[Node]) -> list[Node]:
    """Return the part of a figure that is called a credit, where what was found names nobody."""
    texts = [_text(node) for node in said]
    if any(credit_in(text) or _credit_below(node) for text, node in zip(texts, said, strict=True)):
        return []
    parts = figure.css('[class*="credit"],[class*="copyright"],[class*="source"],[class*="rights"],cite')
    apart = (part for part in parts if 2 <= len(_text(part)) <= _LINE)
    return [part for part in apart if not any(_text(part) in text for text in texts)][:1]


def _same_line(spot: Spot) -> Node | None:
    """Return the paragraph that a picture shares with its caption alone."""
    line, following = spot.held.parent, spot.after
    if spot.before is not None or following is None or line is None:
        return None
    if line.tag not in _LINES or following.tag in BLOCKS:
        return None
    if any(child.tag in BLOCKS for child in line.iter() if child.tag != "picture"):
        return None
    text = _text(line)
    if not 2 <= len(text) <= _SHORT or len(line.css("img,amp-img")) > 1:
        return None
    said = _CAPTION.search(_names(line)) or _is_said_so(text, spot.picture)
    return line if said or (_is_set_apart(line, text) and linked(line) <= _LINKED) else None


def _after(spot: Spot, spent: Container[int]) -> list[Node]:
    """Return the block right after a picture if it is its caption, and the credit that follows."""
    following = spot.after
    if following is None or following.tag in _NEVER or following.mem_id in spent:
        return []
    text = _text(following)
    if not 2 <= len(text) <= LONGEST or not _is_caption(following, text, spot):
        return []
    if following.css_first("img,amp-img") is not None:
        return []
    more = _next(following)
    return [following, more] if more is not None and _is_credit(more) else [following]


def _is_caption(node: Node, text: str, spot: Spot) -> bool:
    called = _names(node)
    if _CAPTION.search(called) or _CREDIT_ONLY.match(text):
        return True
    is_teaser = _is_teaser(spot.picture)
    if (is_teaser and _is_headline(node)) or _BELOW.match(text):
        return False
    if CREDITED.search(called) and len(text) <= _SHORT:
        return True
    if linked(node) > _LINKED:
        return False
    if _is_said_so(text, spot.picture) or node.css_first('figcaption,[class*="caption"]') is not None:
        return True
    if is_teaser:
        return False
    plain = node.tag not in _NO_CAPTION
    return _is_together(spot, node, text) or (plain and _is_set_apart(node, text))


def _is_said_so(text: str, picture: Node) -> bool:
    """Say whether words can only be a caption: by a mark, by how they begin or end, or as the alt."""
    if _ABOVE.match(text) or (_OPENING.match(text) and len(text) <= _SHORT):
        return True
    if len(text) <= _SHORT and 0 < len(credit_in(text) or "") <= _NAME:
        return True
    return squeeze(attribute(picture, "alt")) == text


def _is_set_apart(node: Node, text: str) -> bool:
    """Say whether a line is written unlike the paragraph after it: centred, in italics or small."""
    if len(text) > _SHORT:
        return False
    other = _next(node)
    if other is None or other.tag not in ("p", "div"):
        return False
    return (_is_centred(node) and not _is_centred(other)) or (
        _is_slanted(node, text) and not _is_slanted(other, _text(other))
    )


def _is_centred(node: Node) -> bool:
    said = f"{attribute(node, 'style')} {attribute(node, 'align')} {attribute(node, 'class')}"
    return node.tag == "center" or bool(_CENTRED.search(said))


def _is_slanted(node: Node, text: str) -> bool:
    inside = node.css("em,i,small")
    whole = bool(inside) and squeeze(inside[0].text() or "") == text
    return whole and node.css_first("a,strong,b") is None


def _is_together(spot: Spot, node: Node, text: str) -> bool:
    """Say whether a box holds just the picture and these words."""
    box = spot.held.parent
    if box is None or box.tag not in _BOXES or spot.before is not None:
        return False
    more = _next(node)
    if more is not None and not _is_credit(more):
        return False
    plain = node.tag not in _NO_CAPTION and node.tag not in ("p", "blockquote") and len(text) <= _SHORT
    return plain or bool(_PICTURE_BOX.search(_names(box)))


def _is_headline(node: Node) -> bool:
    return node.tag in _NO_CAPTION or node.css_first("a,h1,h2,h3,h4") is not None


def _is_teaser(picture: Node) -> bool:
    """Say whether a picture leads elsewhere than to itself, as beside a headline."""
    return leads_elsewhere(picture) is not None


def leads_elsewhere(picture: Node) -> Node | None:
    """Return the link around a picture if it leads elsewhere than to the picture itself."""
    link = picture.parent
    for _ in range(_LINK_CLIMB):
        if link is not None and link.tag != "a":
            link = link.parent
    if link is None or link.tag != "a":
        return None
    href = attribute(link, "href")
    return (
        link if href and not href.startswith(("#", "javascript:")) and not _TO_ITSELF.search(href) else None
    )


def _before(spot: Spot, spent: Container[int]) -> list[Node]:
    """Return the block right before a picture if it says that it is its caption."""
    before = spot.before
    if before is None or before.tag in _NEVER or before.mem_id in spent:
        return []
    text = _text(before)
    if not 2 <= len(text) <= LONGEST or not (_BELOW.match(text) or _CAPTION.search(_names(before))):
        return []
    return [before] if before.css_first("img,amp-img") is None else []


def _is_credit(node: Node) -> bool:
    if node.tag == "-text":
        return False
    text = _text(node)
    return 2 <= len(text) <= _LINE and bool(_CREDIT_ONLY.match(text) or CREDITED.search(_names(node)))


def _text(node: Node) -> str:
    """Return a node's text on one line; a long one is not a caption's, and comes back as it is."""
    text = node.text() or ""
    return squeeze(text) if len(text) <= _LARGE else text


# --- what it says ---------------------------------------------------------------------------------


def written(said: list[Node]) -> tuple[str, str | None]:
    """Return the caption, and the credit that stands apart from it or at its end."""
    texts = [_MARKS.sub("", squeeze(_lines(node)))[: 2 * LONGEST] for node in said]
    apart = next(filter(None, (_credit_below(node) for node in said[:1])), "") or "".join(texts[1:2])
    text = squeeze(" ".join(texts))
    if _CREDIT_ONLY.match(text) and len(text) <= _LINE and not any(map(is_called, said)):
        return "", credit_in(text) or text
    if apart and apart != text:
        text = squeeze(text.replace(apart, " "))
    return text[:LONGEST], _bare(apart)[:100] if apart else credit_in(text)


def _bare(credit: str) -> str:
    """Return a credit that stands alone without its label and brackets: all else of it is a name."""
    return _CREDIT_ONLY.sub("", credit).strip(" 　.。()（）[]") or credit


def is_called(node: Node) -> bool:
    """Say whether the page itself calls a node a caption."""
    return node.tag == "figcaption" or bool(_CAPTION.search(_names(node)))


def _credit_below(node: Node) -> str:
    """Return the words of the first part that is called a credit, or is nothing but one."""
    for part in islice(node.traverse(), _PARTS):
        text = (
            squeeze(part.text() or "") if part.mem_id != node.mem_id or CREDITED.search(_names(node)) else ""
        )
        if text and (CREDITED.search(_names(part)) or (len(text) <= _LINE and _CREDIT_ONLY.match(text))):
            return text
    return ""


def credit_in(caption: str) -> str | None:
    """Return the photo credit at the end of a caption, as in "…（中新社）" or "… (Reuters)"."""
    return photo_credit(caption)[0] if any(mark in caption for mark in _CREDIT_MARKS) else None


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
