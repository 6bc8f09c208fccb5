"""What several pages of a site say again and again is its furniture: a rule is proposed from it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from typing import Any

from dibao.charset import decode
from dibao.errors import ExtractError
from dibao.extract.rules.rule import Rule, Sample
from dibao.extract.tree import (
    BLOCKS,
    Node,
    Tree,
    ancestors,
    attribute,
    is_link_list,
    kind,
    parse,
    strip_machinery,
    words,
)
from dibao.model import Article
from dibao.text import clip, count, squeeze

FEWEST = 3  # pages from which anything is learnt, and in which furniture stands
HALF = 0.5  # of the pages: furniture stands in as many
_SHORTEST = 12  # letters of a paragraph that tells an article from others; an ideograph counts as two
_OWN = 20  # of a paragraph that no rule may cost an article
_WORDS = 8  # of one that is told by its words alone: a word or two may be a subheading elsewhere
_MOST = 0.4  # of an article's text: a box of links with more of it is the article
_ENOUGH = 3  # tests of a proposed rule
_QUOTED = 60  # characters of a text in a test or comment
_MOSTLY = 0.8  # of the pages: where the article stands in all of these, it does in the others
_TRIES = 4  # of selectors for where it stands
_ABOVE = 3  # elements around a block that may tell what it has no name to tell
_DEEPEST = 5  # blocks in each other that are looked at one after the other
_NAME = re.compile(r"-?[A-Za-z_][\w-]*", re.A)  # ids and classes that stand in a selector as they are

Line = tuple[str, str]  # a key of a rule, "strip" or "strip_text", and one value


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that was kept, and how it is read: by a rule, or by none; None where it has no article."""

    url: str
    body: bytes
    content_type: str | None
    read: Callable[[Rule | None], Article | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What several pages taught: a rule, or why there is none; and what is worth saying of it."""

    rule: Rule | None
    pages: int  # that had articles, each another
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Look:
    """One page, its article as it is read now, and the blocks of its tree."""

    page: Page
    article: Article
    tree: Tree
    paragraphs: list[str]
    blocks: list[tuple[Node, str]]  # with their words, in page order
    own: list[str]  # paragraphs that no other page has

    def holds(self, text: str) -> bool:
        """Say whether a block has a paragraph of the article itself."""
        return any(paragraph in text for paragraph in self.own)

    def shows(self, text: str) -> bool:
        """Say whether any of a block's words got into the article."""
        return any(
            text == paragraph
            or (_length(paragraph) >= _SHORTEST and paragraph in text)
            or (_length(text) >= _SHORTEST and text in paragraph)
            for paragraph in self.paragraphs
        )


def learn(pages: Sequence[Page], *, host: str, file: str) -> Learnt:
    """Return the rule that the pages of one host propose: what to strip, and where the article stands."""
    looks = list(_distinct(filter(None, map(_look, pages))))
    if len(looks) < FEWEST:
        return Learnt(rule=None, pages=len(looks), notes=(f"{FEWEST} different articles are the least",))
    needed = max(FEWEST, ceil(len(looks) * HALF))
    said = Counter(paragraph for look in looks for paragraph in set(look.paragraphs))
    boxes = _link_boxes(looks, needed)
    for look in looks:
        linked = " ".join(text for node, text in look.blocks if _box(node) in boxes)
        look.own = [
            each
            for each in look.paragraphs
            if said[each] < needed and _length(each) >= _OWN and each not in linked
        ]
    blank = Rule(host=host, file=file)
    aside: list[_Aside] = []
    lines = dict(_furniture(blank, looks, needed, boxes, aside))
    rule, doubts = _selecting(replace(blank, **_by_key(lines)), looks)
    lines = _needed(rule, lines, looks)
    rule = replace(rule, **{"strip": (), "strip_text": ()} | _by_key(lines))
    if not _changes(rule, looks):
        return Learnt(rule=None, pages=len(looks), notes=tuple(_why_nothing(aside)))
    tested = replace(rule, tests=tuple(_tests(rule, looks, said, needed)))
    return Learnt(rule=tested, pages=len(looks), notes=(*lines.values(), *doubts))


def _needed(rule: Rule, lines: dict[Line, str], looks: Sequence[_Look]) -> dict[Line, str]:
    """Return the lines without which some article would be read otherwise."""
    texts, left = _texts(rule, looks), dict(lines)
    for line in lines:
        fewer = {other: note for other, note in left.items() if other != line}
        without = replace(rule, **{"strip": (), "strip_text": ()} | _by_key(fewer))
        if _texts(without, looks) == texts:
            left = fewer
    return left


def _texts(rule: Rule, looks: Sequence[_Look]) -> list[str]:
    read = (look.page.read(rule) for look in looks)
    return [article.text if article else "" for article in read]


def _by_key(lines: Iterable[Line]) -> dict[str, Any]:
    """Return lines as fields of a rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in lines:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}


def _look(page: Page) -> _Look | None:
    article = page.read(None)
    if article is None:
        return None
    try:
        tree = parse(decode(page.body, content_type=page.content_type)[0], page.url)
    except ExtractError:
        return None
    strip_machinery(tree)
    nodes = tree.body.traverse() if tree.body is not None else ()
    blocks = [(node, text) for node in nodes if kind(node) in BLOCKS and (text := words(node))]
    paragraphs = [text for each in article.text.split("\n\n") if (text := squeeze(each))]
    return _Look(page, article, tree, paragraphs, blocks, [])


def _distinct(looks: Iterator[_Look]) -> Iterator[_Look]:
    """Yield one look at each article: what two addresses of one article share is no furniture."""
    known: set[str] = set()
    for look in looks:
        mark = " ".join(look.paragraphs)
        if mark and mark not in known:
            known.add(mark)
            yield look


def _length(text: str) -> int:
    return len(text) + sum(letter >= "\u2e80" for letter in text)


# --- what is furniture ------------------------------------------------------------------------------


def _signature(node: Node) -> str:
    """Return what tells a kind of block from others: its tag, classes and id."""
    return f"{kind(node)}.{attribute(node, 'class')}#{attribute(node, 'id')}"


def _is_named(node: Node) -> bool:
    return bool(attribute(node, "class").strip() or attribute(node, "id").strip())


def _box(node: Node) -> str | None:
    """Return what tells a box that may hold links: its own names, or else those of what it stands in."""
    if kind(node) in ("p", "figure", "html", "body", "main", "article", "a"):
        return None
    if _is_named(node):
        return _signature(node)
    parent = node.parent
    return f"{_signature(parent)} > {kind(node)}" if parent is not None and _is_named(parent) else None


def _link_boxes(looks: Sequence[_Look], needed: int) -> set[str]:
    """Return the signatures of boxes that are nothing but links on many pages, and never anything else."""
    pages: dict[str, set[int]] = defaultdict(set)
    other: set[str] = set()
    for number, look in enumerate(looks):
        most = _MOST * len(look.article.text)
        for node, text in look.blocks:
            signature = _box(node)
            if signature is None:
                continue
            if signature not in other and is_link_list(node) and len(text) <= most:
                pages[signature].add(number)
            else:
                other.add(signature)
    return {signature for signature, found in pages.items() if len(found) >= needed} - other


def _furniture(
    blank: Rule, looks: Sequence[_Look], needed: int, boxes: set[str], aside: "list[_Aside]"
) -> Iterator[tuple[Line, str]]:
    """Yield what tells the blocks that stand on many pages and get into articles, with a note on each.

    Where nothing tells an outer block, or it can't go whole, it is set aside and those in it are looked at.
    """
    times = Counter(key for look in looks for key in {(_signature(node), text) for node, text in look.blocks})
    is_harmless = cache(lambda line: _is_harmless(blank, line, looks))
    passed: set[int] = set()  # blocks that can't go whole
    for _ in range(_DEEPEST):
        before = len(passed)
        for found in _groups(
            looks, lambda node, text: times[_signature(node), text] >= needed, boxes, passed
        ):
            if not any(look.shows(text) for look, _, text in found):
                continue
            lines = list(_lines(found[0][1], [text for _, _, text in found], looks, needed))
            line = next(filter(is_harmless, lines), None)
            if line:
                yield line, _note(line, found[0][2], looks)
            else:
                passed |= {node.mem_id for _, node, _ in found}
                aside.append(_Aside([node for _, node, _ in found], found[0][2], bool(lines)))
        if len(passed) == before:
            return


@dataclass(frozen=True, slots=True)
class _Aside:
    """Blocks of one kind that may be furniture and can't be taken out by any line of a rule."""

    nodes: list[Node]
    text: str  # of one of them
    is_told: bool  # some line tells them, and would cost articles something of their own


def _why_nothing(aside: Sequence[_Aside]) -> Iterator[str]:
    """Yield why no rule is proposed: how many kinds of blocks were set aside for each reason, if any were."""
    outer = {above.mem_id for each in aside for node in each.nodes for above in ancestors(node)}
    innermost = [each for each in aside if not outer & {node.mem_id for node in each.nodes}]
    if not innermost:
        yield "no furniture of the site is left in its articles"
    for is_told, why in (
        (True, "to leave them out would cost some article a paragraph or picture of its own, or its title"),
        (
            False,
            "no class or id tells them and nothing else, and their words are too few, hold figures or differ",
        ),
    ):
        texts = [each.text for each in innermost if each.is_told is is_told]
        if texts:
            said = count(len(texts), "kind of block", "kinds of blocks")
            yield f"{said} on many pages set aside, as “{clip(texts[0], _QUOTED)}”: {why}"


def _groups(
    looks: Sequence[_Look], is_repeated: Callable[[Node, str], bool], boxes: set[str], passed: Container[int]
) -> list[list[tuple[_Look, Node, str]]]:
    """Return the outermost blocks of furniture, those of one kind together."""
    groups: dict[tuple[str, str], list[tuple[_Look, Node, str]]] = defaultdict(list)
    for look in looks:
        inside: set[int] = set()
        for node, text in look.blocks:
            if any(above.mem_id in inside for above in ancestors(node)) or node.mem_id in passed:
                continue
            if (is_repeated(node, text) or _box(node) in boxes) and not look.holds(text):
                inside.add(node.mem_id)
                groups[_signature(node), "" if _is_named(node) else text].append((look, node, text))
    return list(groups.values())


def _lines(node: Node, texts: Sequence[str], looks: Sequence[_Look], needed: int) -> Iterator[Line]:
    """Yield what may tell blocks like this one: selectors, then their words where these will last."""
    yield from (("strip", each) for each in _selectors(node) if _fits(each, looks, needed))
    same, lasts = len(set(texts)) == 1, not any(map(str.isdecimal, texts[0]))
    if same and lasts and _length(texts[0]) >= _WORDS:
        yield "strip_text", texts[0]


def _note(line: Line, text: str, looks: Sequence[_Look]) -> str:
    key, value = line
    if key == "strip":
        where = sum(look.tree.css_first(value) is not None for look in looks)
    else:
        where = sum(any(text == each for _, each in look.blocks) for look in looks)
    named = f"{key} {clip(value, _QUOTED)}" if key == "strip" else key
    return f"{named}: on {where} of {len(looks)} pages, as “{clip(text, _QUOTED)}”"


# --- selectors --------------------------------------------------------------------------------------


def _selectors(node: Node) -> Iterator[str]:
    """Yield selectors for blocks like this one, those that say most of it first."""
    own = list(_plain_selectors(node))
    yield from own
    for outer in _plain_selectors(node.parent) if node.parent is not None else ():
        yield f"{outer} > {own[0] if own else kind(node)}"
    if not own:
        for above in list(ancestors(node))[:_ABOVE]:
            yield from _plain_selectors(above)


def _plain_selectors(node: Node) -> Iterator[str]:
    id, classes = attribute(node, "id"), attribute(node, "class").split()
    if _NAME.fullmatch(id):
        yield f"#{id}"
    plain = [each for each in classes if _NAME.fullmatch(each)]
    if plain:
        yield f"{kind(node)}.{'.'.join(plain)}"
    if len(plain) > 1:
        yield from (f"{kind(node)}.{each}" for each in plain)
    if kind(node) in ("article", "main", "aside", "footer"):
        yield kind(node)
    if attribute(node, "itemprop") == "articleBody":
        yield '[itemprop="articleBody"]'


def _fits(selector: str, looks: Sequence[_Look], needed: int) -> bool:
    """Say whether what a selector finds stands on many pages and holds nothing of any article."""
    found = [[words(node) for node in look.tree.css(selector)] for look in looks]
    return sum(map(bool, found)) >= needed and not any(
        look.holds(text) for look, texts in zip(looks, found, strict=True) for text in texts
    )


# --- where the article stands -----------------------------------------------------------------------


def _is_harmless(blank: Rule, line: Line, looks: Sequence[_Look]) -> bool:
    """Say whether a line costs no article anything of its own."""
    trial, (key, value) = replace(blank, **_by_key([line])), line
    touched = [look for look in looks if key != "strip" or look.tree.css_first(value) is not None]
    return all(_keeps(trial, look) for look in touched)


def _selecting(rule: Rule, looks: Sequence[_Look]) -> tuple[Rule, tuple[str, ...]]:
    """Return a rule that also says where the article stands, if one selector does; and what to look at.

    It must cost most pages nothing of their own. Where it takes more from one, either that page was read
    badly or the selector is wrong: a person sees which.
    """
    votes = Counter(selector for look in looks for selector in dict.fromkeys(_containers(look)))
    enough = max(FEWEST, ceil(len(looks) * _MOSTLY))
    for selector in [each for each in votes if votes[each] >= enough][:_TRIES]:  # the innermost first
        selecting = replace(rule, select=(selector,))
        losing = [look for look in looks if not _keeps(selecting, look)]
        if len(looks) - len(losing) >= enough and all(_reads(selecting, look) for look in losing):
            return selecting, tuple(f"see what select takes from {look.page.url}" for look in losing)
    return rule, ()


def _reads(rule: Rule, look: _Look) -> bool:
    article = look.page.read(rule)
    return article is not None and article.rule is not None


def _containers(look: _Look) -> Iterator[str]:
    """Yield selectors that find one element, which holds all of the article's own paragraphs, inner first."""
    found = [node for node, text in look.blocks if text in look.own]
    if not found:
        return
    above = [{each.mem_id for each in ancestors(node)} for node in found]
    for node in ancestors(found[0]):
        if kind(node) in ("body", "html"):
            return
        if all(node.mem_id in others for others in above):
            yield from (each for each in _plain_selectors(node) if len(look.tree.css(each)) == 1)


def _keeps(rule: Rule, look: _Look) -> bool:
    """Say whether an article read by a rule loses nothing of its own, and gains nothing either."""
    article = look.page.read(rule)
    if article is None or article.rule is None or article.title != look.article.title:
        return False
    text, before = squeeze(article.text), squeeze(look.article.text)
    gains = any(squeeze(paragraph) not in before for paragraph in article.text.split("\n\n"))
    pictures = len(article.media) >= len(look.article.media)
    return pictures and not gains and all(own in text for own in look.own)


def _changes(rule: Rule, looks: Sequence[_Look]) -> bool:
    """Say whether a rule does anything, for the text of any of the articles."""
    if not (rule.strip or rule.strip_text or rule.select):
        return False
    return any((article := look.page.read(rule)) and article.text != look.article.text for look in looks)


def _tests(rule: Rule, looks: Sequence[_Look], said: Counter[str], needed: int) -> Iterator[Sample]:
    """Yield what the rule must go on to do for some of the pages that it was learnt from."""
    for look in looks[:_ENOUGH]:
        article = look.page.read(rule)
        left = squeeze(article.text) if article else ""
        gone = [each for each in look.paragraphs if said[each] >= needed and each not in left]
        if look.own:
            yield Sample(
                url=look.page.url,
                contains=(max(look.own, key=len)[:_QUOTED],),
                lacks=tuple(dict.fromkeys(each[:_QUOTED] for each in gone))[:2],
            )
