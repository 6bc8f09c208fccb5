"""Where a page shows who wrote it: names marked as an author's, bylines, author boxes, and lines of text."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from dibao.extract.pagedates import dates_in
from dibao.extract.said import Role, Said, Spot, brief, pieces, role
from dibao.extract.tree import Node, ancestors, attribute, kind
from dibao.people import SURNAMED, is_job, is_person, named, others_done
from dibao.text import squeeze

_WAITS = re.compile(r"^(?:by|von|par|por|di|text)$|[:：]$", re.I)
_LONGEST = 160  # characters of a byline; what is longer is a box about its author
_NEAR = 90  # nodes between two authors of one article
_ABOVE, _BELOW = 250, 400  # nodes around a headline in which a byline may stand
_FACTS = 40  # texts below a headline among which a name may stand alone
_BESIDE = 14  # nodes between such a name and its date
_SURNAME = re.compile(rf"(?<![\u3400-\u9fff]){SURNAMED.pattern.rstrip('$')}(?![\u3400-\u9fff])")
_HAN = re.compile("[\u3400-\u9fff]")
_SIGNED = re.compile(
    r"^(?:(?:(?:[Ww]ritten|[Rr]eported|[Pp]osted|[Pp]ublished|[Ss]tory|[Ww]ords) )?[Bb][Yy]|Von|VON|Par|"
    r"PAR|Por|POR|Di|Text|Texte|Autor(?:in)?|"
    r"Author)\s*[:：]?\s+(?P<who>[A-ZÀ-Þ][\w.'’-]+(?:[\s,&-]+(?:and |und |et |y |de |van |von |der |la |"
    r"bin |al-)*[A-ZÀ-Þ][\w.'’-]*){1,6})$"
    r"|^[（(〔【\[]?\s*(?:[\u3400-\u9fff]{2,6}(?:社|網|报|報)\s*)?(?:記者|记者|文|撰文|作者|編譯|编译|"
    r"特派員|實習記者|实习记者)\s*[：:／/\s︱|"
    r"]\s*(?P<han>[\u3400-\u9fff·、,，\s／/]{2,24})"
)

_AUTHOR = (
    r"(?:Author(?:s|\(s\))?|Autor(?:in)?(?:[/*:_]?(?:in|Autor))?|Autor(?:inn)?en|Auteure?s?|Autor[ea]s?|"
    r"Autori)"
)
_OF = (
    r"(?:(?:Ein )?(?:Blog ?)?(?:[Bb]eitrag|Artikel|Gastbeitrag|Kommentar) von|"
    r"(?:[Gg]eschrieben |[Vv]erfasst |[Ee]rstellt )?[Vv]on|"
    r"[EÉ]crit par|Escrito por|Scritto da|Geschreven door|Skrevet av|Skriven av)"
)
# What stands alone before a name; what begins a line that a name ends.
_LABEL = re.compile(rf"(?:{_AUTHOR}|{_OF}|(?:[Ww]ritten )?[Bb]y|Text:)\s?:?$")
_AUTHOR_ALONE = re.compile(rf"{_AUTHOR}\s?:?$")
_CALLED = re.compile(
    rf"(?:(?:{_AUTHOR}|Texte?|Testo|Texto|Tekst|Words)\s?:|Autor(?:inn)?en)\s?:?\s+(?P<who>.{{4,80}})$"
)
_OF_WHOM = re.compile(rf"{_OF}\s+(?P<who>.{{4,80}})$")
_FIRSTS, _FIRSTS_FAR = frozenset("WwRrPpSsBbVvDTAaEeÉéGgK([〔【（"), frozenset("ATW")
_LONGEST_NAME, _MOST_BESIDE = 60, 12  # characters of a name; links to authors that are looked at
_BETWEEN = re.compile(r"(?:[\s,&·|/]|\b(?:and|und|og|och|et|y|e|en|by|von|av|par|por|di)\b)*", re.I)
_SIGNERS = Role.NAME | Role.BYLINE | Role.AUTHOR
_MOST_APART = 80  # blocks about authors, of which some may stand apart
_CLOSE = 30  # nodes around a headline in which a byline is the article's wherever it stands
_SHORT = 90  # characters of a byline alone
# A word on its own: in an address or an account, as jane@doe.example, names are written small.
_WRITTEN = r"(?<![\w@./-])%s(?![\w@/]|[.-]\w)"
_FILM = re.compile(
    r"(?<![a-z])(?:media|video|audio|player|caption)(?:-?_?(?:info|box|caption))|caption", re.I
)
_SENTENCE = re.compile(r"[^\W\d_]{2}[.!?。！？]\s*$")
_FOOT = re.compile(r"(?:post|entry|article|story|news)[-_]*foot", re.I)
_FOOTER = re.compile(r"[\w-]*foot[\w-]*", re.I)
_CAPITALS = re.compile(r"(?:(?:[a-z]{2,3}\s){0,2}[A-ZÀ-ÞĀ-ž][\w.'’-]*(?:\s|$))+$")
_ELSEWHERE = re.compile(r"comment|respond|reply|related|recommend|latest|popular|trending|sidebar", re.I)


def shown(said: Said, anchor: int | None) -> Iterator[tuple[str, float, list[str]]]:
    """Yield what the page shows, the surest first."""
    for mark, source, confidence in (
        (Role.NAME, "byline", 0.85),
        (Role.BYLINE, "byline", 0.8),
        (Role.AUTHOR, "byline", 0.7),
    ):
        lines = [line for spot in _together(_around(said.of(mark), anchor)) for line in lines_of(spot.node)]
        lines = [line for line in lines if mark == Role.NAME or _may_sign(line)]
        if lines:
            yield source, confidence, list(dict.fromkeys(lines))
    yield "text", 0.6, list(_by_lines(said, anchor))
    yield "byline", 0.6, _set_apart(said, anchor)
    yield "author box", 0.55, list(_boxed(said))
    beside = list(_beside_date(said, anchor))
    yield "text", 0.55 if beside and _HAN.search(beside[0]) else 0.4, beside


def beside(name: str, said: Said, anchor: int | None) -> list[str]:
    """Return the names of one byline that are links to authors, a name that is known among them."""
    links = [spot for spot in said.spots if spot.role & _SIGNERS and spot.node.tag == "a"]
    near = [spot for spot in links if anchor is None or -_CLOSE <= spot.place - anchor <= _BELOW]
    marked = {text: spot.node for spot in near[:_MOST_BESIDE] if (text := brief(spot.node, _LONGEST_NAME))}
    if name not in marked or len(marked) < 2 or said.is_outside(marked[name]):
        return []
    names = [text for text in marked if is_written_as_name(text) and not is_job(text)]
    for block in islice(ancestors(marked[name]), 5):
        text = brief(block, _LONGEST)
        rest = re.sub("|".join(map(re.escape, sorted(names, key=len, reverse=True))), "", text)
        if not text or not _BETWEEN.fullmatch(rest):
            return []
        found = [each for each in names if each in text]
        if len(found) > 1:
            return found
    return []


def _may_sign(line: str) -> bool:
    """Say whether a line about an author may be a byline: a Chinese one names people and desks alone."""
    if not _HAN.search(line):
        return True
    names, outlets = named([line])
    short = all(is_person(name) and len(name) <= 4 for name in names)
    return bool(names) and short and bool(_SURNAME.search(line) or outlets)


def _around(spots: list[Spot], anchor: int | None) -> list[Spot]:
    """Return the blocks near the headline; without a headline or any near it, all."""
    short = [spot for spot in spots if brief(spot.node, _LONGEST) and not _is_others(spot.node)]
    short = [spot for spot in short if not _is_of_film(spot.node)]
    if anchor is None:
        return short
    near = [spot for spot in short if -_ABOVE <= spot.place - anchor <= _BELOW]
    return sorted(near, key=lambda spot: (spot.place < anchor, abs(spot.place - anchor))) or short


def _set_apart(said: Said, anchor: int | None) -> list[str]:
    """Return the one byline that is the article's own in an aside, a footer or a teaser; of several, none."""
    lines: dict[str, None] = {}
    for spot in [spot for spot in said.spots if spot.role & _SIGNERS][:_MOST_APART]:
        is_near = anchor is not None and _is_near(said, anchor, spot.place)
        text = brief(spot.node, _SHORT)
        if (
            text
            and said.is_outside(spot.node)
            and _is_own(spot.node, is_near=is_near)
            and not _is_others(spot.node)
        ):
            lines |= dict.fromkeys(lines_of(spot.node))
    people = {name for line in lines for name in named([line])[0] if is_written_as_name(name)}
    return list(people) if len(people) == 1 and is_rare(min(people), said) else []


def _is_near(said: Said, anchor: int, place: int) -> bool:
    """Say whether a block stands close to the headline, with no sentence between."""
    if not -_CLOSE <= place - anchor <= 2 * _CLOSE:
        return False
    first = bisect_left(said.texts, anchor, key=itemgetter(0))
    between = (node for at, node in said.texts[first : first + 2 * _CLOSE] if at < place)
    return not any(_SENTENCE.search((node.text_content or "")[-20:]) for node in between)


def is_written_as_name(name: str) -> bool:
    """Say whether a name has two to five words, each with a capital but for a "van"."""
    return 2 <= len(name.split()) <= 5 and is_person(name) and bool(_CAPITALS.match(name))


def _is_own(node: Node, *, is_near: bool) -> bool:
    """Say whether a block outside the text is the article's: by its headline, or at its foot."""
    is_foot = is_near
    for above in (node, *ancestors(node)):
        tag = kind(above)
        if tag in ("article", "main", "body"):
            return is_foot or tag != "body"
        names = f"{attribute(above, 'class')} {attribute(above, 'id')}"
        is_foot = is_foot or bool(_FOOT.search(names))
        if tag in ("nav", "menu") or _ELSEWHERE.search(names) or (not is_near and _is_outer(tag, names)):
            return False
    return is_foot


def _is_outer(tag: str, names: str) -> bool:
    return tag not in ("aside", "footer") and bool(role(_FOOTER.sub("", names), None) & Role.OUTSIDE)


def _is_of_film(node: Node) -> bool:
    """Say whether a block stands in one about a film, a recording or a picture."""
    above = (node, *islice(ancestors(node), 3))
    return any(kind(each) == "figure" or _FILM.search(attribute(each, "class")) for each in above)


def _is_others(node: Node) -> bool:
    """Say whether what stands before a name says that this person reviewed, edited or photographed."""
    own = brief(node, _SHORT)
    if others_done(own) and not any(named([own])):
        return True
    return any(others_done(_before(each)) for each in (node, *islice(ancestors(node), 2)))


def _before(node: Node) -> str:
    """Return the last words before a block, in its own parent."""
    before = node.prev
    while before is not None:
        text = squeeze((before.text_content or "")[-400:]) if before.is_text_node else brief(before, _LONGEST)
        if text or not before.is_text_node:
            return text[-80:]
        before = before.prev
    return ""


def _together(spots: list[Spot]) -> list[Spot]:
    """Return the first block and those that follow it closely."""
    kept: list[Spot] = []
    for spot in spots:
        if kept and abs(spot.place - kept[-1].place) > _NEAR:
            break
        kept.append(spot)
    return kept[:8]


def lines_of(node: Node) -> list[str]:
    """Return what a byline says, a line for each of its parts; only its links where these are names."""
    links = [brief(link, _LONGEST) for link in (node.css("a") if kind(node) != "a" else [node])]
    names = [text for text in links if is_person(text) and (" " in text or not text.isascii())]
    if names:
        return list(dict.fromkeys(names))
    lines: list[str] = []
    for piece in pieces(node):
        single = " " not in piece.strip() and piece.isascii()
        if lines and ((single and " " not in lines[-1] and lines[-1].isascii()) or _WAITS.search(lines[-1])):
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return ["\n".join(lines)] if lines else []


def _boxed(said: Said) -> Iterator[str]:
    """Yield the full name that heads the first box about an author."""
    for spot in said.of(Role.AUTHOR)[:4]:
        for piece in () if _is_of_film(spot.node) else islice(pieces(spot.node), 4):
            if is_full_name(piece) and is_rare(piece, said):
                yield piece
                return


def _by_lines(said: Said, anchor: int | None) -> Iterator[str]:
    """Yield the first name after "By" or 記者 near the headline, or after "Author" anywhere."""
    if anchor is None:
        return
    first = bisect_left(said.texts, anchor - _ABOVE, key=itemgetter(0))
    label = -_BESIDE
    for place, node in said.texts[first:]:
        is_near, is_next = place <= anchor + _BELOW, place - label <= _BESIDE
        text = (node.text_content or "").strip()
        if not 1 < len(text) <= _SHORT or not (is_next or _may_begin(text, is_near=is_near)):
            continue
        text = squeeze(text)
        called = (
            text if place - label <= _BESIDE and _are_names(text) else _called(text, node, is_near=is_near)
        )
        is_label = bool((_LABEL if is_near else _AUTHOR_ALONE).match(text)) and _is_alone(node)
        label = place if is_label else -_BESIDE
        found = _SIGNED.match(text) if is_near else None
        signed = called or (found and (found["who"] or found["han"]))
        if signed and _may_stand_here(said, node, is_called=bool(called)):
            yield signed
            return


def _may_begin(text: str, *, is_near: bool) -> bool:
    """Say whether a line begins with a letter that "By", "Author" or an agency in Chinese begins with."""
    return text[0] in (_FIRSTS if is_near else _FIRSTS_FAR) or (is_near and text[0] >= "\u3000")


def _called(text: str, node: Node, *, is_near: bool) -> str | None:
    """Return whom a line calls the author; far from the headline only one that says "Author"."""
    called = _CALLED.match(text) or (_OF_WHOM.match(text) if is_near and _is_alone(node) else None)
    return called["who"] if called and _are_names(called["who"]) else None


def _is_alone(node: Node) -> bool:
    """Say whether a text stands in a short block, not in a sentence."""
    return node.parent is not None and bool(brief(node.parent, _SHORT))


def _are_names(who: str) -> bool:
    names, outlets = named([who])
    return bool(names) and not outlets and all(map(is_written_as_name, names))


def _may_stand_here(said: Said, node: Node, *, is_called: bool) -> bool:
    """Say whether a text is neither in a menu or a list of others nor under a picture."""
    parent = node.parent
    is_own = is_called and parent is not None and _is_own(parent, is_near=False)
    return (is_own or not said.is_outside(node)) and all(kind(above) != "figure" for above in ancestors(node))


def _beside_date(said: Said, anchor: int | None) -> Iterator[str]:
    """Yield the first full name that stands alone below the headline with a date beside it."""
    if anchor is None:
        return
    first = bisect_left(said.texts, anchor, key=itemgetter(0))
    near = [
        (place, squeeze((node.text_content or "")[:400]))
        for place, node in said.texts[first : first + _FACTS]
    ]
    near = [(place, text) for place, text in near if 1 < len(text) <= 60]
    dates = [place for place, text in near if len(text) <= 40 and next(dates_in(text), None)]
    for place, text in near[1:]:
        if not any(abs(place - each) <= _BESIDE for each in dates) or not _is_name_alone(text):
            continue
        if not text.isascii() or is_rare(text, said):
            yield text
            return


def _is_name_alone(text: str) -> bool:
    """Say whether a text is a full name: two to four capitalised words, or a Chinese name by its surname."""
    if _HAN.search(text):
        return bool(SURNAMED.match(text)) and is_person(text)
    return ":" not in text and is_full_name(text)


_ARTICLES = frozenset("the der die das le la les el al il de het my our".split())


def is_full_name(name: str) -> bool:
    """Say whether a name is two to four words with capitals, none of them an article before a title."""
    parts = name.split()
    capital = all(part[:1].isupper() and part[1:2].islower() for part in parts if len(part) > 2)
    return 2 <= len(parts) <= 4 and capital and parts[0].lower() not in _ARTICLES and is_person(name)


def is_rare(name: str, said: Said) -> bool:
    """Say whether no word of a name is one that the page writes small: people's names are no common words."""
    words = {word.lower() for word in name.split() if len(word) > 2}
    text = " ".join(node.text_content or "" for _, node in said.texts)
    return not any(word in text and re.search(_WRITTEN % re.escape(word), text) for word in words)
