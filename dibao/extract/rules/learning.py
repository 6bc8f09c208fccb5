"""What several pages of a site say again and again is its furniture: a rule is proposed from it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

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
from dibao.text import clip, squeeze

FEWEST = 3  # pages from which anything is learnt, and in which furniture stands
HALF = 0.5  # of the pages: furniture stands in as many
_SHORTEST = 12  # characters of a paragraph that tells an article from others
_MOST = 0.4  # of an article's text: a box of links with more of it is the article
_ENOUGH = 3  # tests of a proposed rule
_QUOTED = 60  # characters of a text in a test or comment
_NAME = re.compile(r"-?[A-Za-z_][\w-]*", re.A)  # ids and classes that stand in a selector as they are


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
        return any(paragraph in text or (text in paragraph) for paragraph in self.paragraphs)


def learn(pages: Sequence[Page], *, host: str, file: str) -> Learnt:
    """Return the rule that the pages of one host propose: what to strip, and where the article stands."""
    looks = list(_distinct(filter(None, map(_look, pages))))
    if len(looks) < FEWEST:
        return Learnt(rule=None, pages=len(looks), notes=(f"{FEWEST} different articles are the least",))
    needed = max(FEWEST, ceil(len(looks) * HALF))
    said = Counter(paragraph for look in looks for paragraph in set(look.paragraphs))
    boxes = _link_boxes(looks, needed)
    for look in looks:
        linked = " ".join(text for node, text in look.blocks if _signature(node) in boxes)
        look.own = [
            each
            for each in look.paragraphs
            if said[each] < needed and len(each) >= _SHORTEST and each not in linked
        ]
    strip, strip_text, notes = _furniture(looks, needed, boxes)
    rule = Rule(host=host, file=file, strip=tuple(strip), strip_text=tuple(strip_text))
    chosen = _selecting(rule, looks)
    if not _changes(chosen, looks):
        return Learnt(
            rule=None, pages=len(looks), notes=("no furniture of the site is left in its articles",)
        )
    tested = replace(chosen, tests=tuple(_tests(chosen, looks, said, needed)))
    return Learnt(rule=tested, pages=len(looks), notes=tuple(notes))


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


# --- what is furniture ------------------------------------------------------------------------------


def _signature(node: Node) -> str:
    """Return what tells a kind of block from others: its tag, classes and id."""
    return f"{kind(node)}.{attribute(node, 'class')}#{attribute(node, 'id')}"


def _is_named(node: Node) -> bool:
    return bool(attribute(node, "class").strip() or attribute(node, "id").strip())


def _link_boxes(looks: Sequence[_Look], needed: int) -> set[str]:
    """Return the signatures of boxes that are nothing but links on many pages, and never anything else."""
    pages: dict[str, set[int]] = defaultdict(set)
    other: set[str] = set()
    for number, look in enumerate(looks):
        most = _MOST * len(look.article.text)
        for node, text in look.blocks:
            if not _is_named(node) or kind(node) in ("p", "figure", "html", "body", "main", "article"):
                continue
            signature = _signature(node)
            if signature not in other and is_link_list(node) and len(text) <= most:
                pages[signature].add(number)
            else:
                other.add(signature)
    return {signature for signature, found in pages.items() if len(found) >= needed} - other


def _furniture(
    looks: Sequence[_Look], needed: int, boxes: set[str]
) -> tuple[list[str], list[str], list[str]]:
    """Return selectors and texts of the blocks that stand on many pages and get into articles, with notes."""
    times = Counter(key for look in looks for key in {(_signature(node), text) for node, text in look.blocks})
    groups: dict[tuple[str, str], list[tuple[_Look, Node, str]]] = defaultdict(list)
    for look in looks:
        for node, text in _outermost(look, lambda node, text: times[_signature(node), text] >= needed, boxes):
            signature = _signature(node)
            groups[signature, "" if _is_named(node) else text].append((look, node, text))
    strip, strip_text, notes = list[str](), list[str](), list[str]()
    for found in groups.values():
        if not any(look.shows(text) for look, _, text in found):
            continue
        text = found[0][2]
        selector = next((each for each in _selectors(found[0][1]) if _fits(each, looks, needed)), None)
        if selector:
            strip.append(selector)
        elif all(text == each for _, _, each in found):
            strip_text.append(text)
        else:
            continue
        where = len({id(look) for look, _, _ in found})
        notes.append(
            f"{selector or 'strip_text'}: on {where} of {len(looks)} pages, as “{clip(text, _QUOTED)}”"
        )
    return list(dict.fromkeys(strip)), list(dict.fromkeys(strip_text)), notes


def _outermost(
    look: _Look, is_repeated: Callable[[Node, str], bool], boxes: set[str]
) -> Iterator[tuple[Node, str]]:
    inside: set[int] = set()
    for node, text in look.blocks:
        if any(above.mem_id in inside for above in ancestors(node)):
            continue
        if (is_repeated(node, text) or _signature(node) in boxes) and not look.holds(text):
            inside.add(node.mem_id)
            yield node, text


# --- selectors --------------------------------------------------------------------------------------


def _selectors(node: Node) -> Iterator[str]:
    """Yield selectors for blocks like this one, those that say most of it first."""
    own = list(_plain_selectors(node))
    yield from own
    parent = node.parent
    for outer in list(_plain_selectors(parent))[:1] if parent is not None else ():
        yield f"{outer} > {own[-1] if own else kind(node)}"


def _plain_selectors(node: Node) -> Iterator[str]:
    id, classes = attribute(node, "id"), attribute(node, "class").split()
    if _NAME.fullmatch(id):
        yield f"#{id}"
    plain = [each for each in classes if _NAME.fullmatch(each)]
    if plain:
        yield f"{kind(node)}.{'.'.join(plain)}"
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


def _selecting(rule: Rule, looks: Sequence[_Look]) -> Rule:
    """Return a rule that also says where the article stands, if one selector does for these pages.

    Whatever is proposed must leave every article its own paragraphs and its pictures.
    """
    kept = rule if rule.strip or rule.strip_text else None
    if kept and not all(_keeps(kept, look) for look in looks):
        kept, rule = None, replace(rule, strip=(), strip_text=())
    votes = Counter(selector for look in looks for selector in dict.fromkeys(_containers(look)))
    ranked = sorted(votes, key=lambda selector: -votes[selector])  # innermost first where votes are equal
    wanted = len(looks) * 0.8
    for selector in [each for each in ranked if votes[each] >= wanted][:4]:
        selecting = replace(rule, select=(selector,))
        if all(_keeps(selecting, look) for look in looks):
            return selecting
    return rule


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
    """Say whether an article read by a rule loses nothing of its own."""
    article = look.page.read(rule)
    if article is None or article.rule is None:
        return False
    text = squeeze(article.text)
    pictures = len(article.media) >= len(look.article.media)
    return pictures and article.title == look.article.title and all(own in text for own in look.own)


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
                contains=(look.own[0][:_QUOTED],),
                lacks=tuple(dict.fromkeys(each[:_QUOTED] for each in gone))[:2],
            )
