"""Articles that their outlets spread over several pages, made one again.

A further page says headline, byline and often the picture once more. What it repeats is left out; what
it says anew follows what came before. How much of the whole each page gave is remembered, so that a page that
changes is exchanged and the others stay.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from html import escape, unescape

from dibao import text
from dibao.decide.identity import fingerprint
from dibao.model import Article, Credits, Leaf, Media

_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_IMAGE = re.compile(r'<img [^>]*?src="([^"]*)"')
_VOID = frozenset(["br", "hr", "img", "source", "track", "wbr", "col"])
_LONG = 80  # bytes of a paragraph that begins the text: what is repeated before it is no part of it
_LEAST = 60  # bytes that a further page must say anew
_COUNTER = re.compile(
    r"\(?(?:page|seite|página|pagina|第)?\d{1,2}(?:(?:/|of|von|de|sur|di)\d{1,2})?(?:[页頁]|ページ)?\)?", re.I
)
_GAPS = (
    "authors",
    "byline",
    "dek",
    "section",
    "published_at",
    "published_raw",
    "published_doubt",
    "modified_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one page gives to the whole."""

    blocks: tuple[str, ...]  # of clean HTML, as they stand beside each other
    paragraphs: tuple[str, ...]

    @property
    def html(self) -> str:
        """Return it as clean HTML."""
        return "".join(self.blocks)

    @property
    def text(self) -> str:
        """Return it as plain text."""
        return "\n\n".join(self.paragraphs)


def joined(parts: Sequence[Article]) -> Article:
    """Return the pages of an article, in their order, as one; a page that adds nothing is left out."""
    whole, *others = parts
    for part in others:
        whole = with_page(whole, len(leaves(whole)), part) or replace(whole, next_part=part.next_part)
    return whole


def leaves(article: Article) -> tuple[Leaf, ...]:
    """Return the pages that an article is joined of: one, where it was not."""
    own = Leaf(url=None, digest=fingerprint(article), html=len(article.html), text=len(article.text))
    return article.leaves or (own,)


def with_page(kept: Article, number: int, page: Article) -> Article | None:
    """Return an article with what its page of that number (from 0) says now; None where that adds nothing.

    A page that says what it said leaves the article as it is. A first page that goes on nowhere any more is
    the whole article.
    """
    known = leaves(kept)
    if number < len(known) and known[number].digest == fingerprint(page):
        return replace(kept, next_part=page.next_part) if number == len(known) - 1 else kept
    if number == 0 and (len(known) == 1 or not page.next_part):
        return page
    pieces = list(split(kept))
    said = {key(line) for line in (kept.title, page.title, kept.dek, kept.byline, *kept.authors) if line}
    if number == len(known) and new_bytes(piece_of(page), said | keys(pieces)) < _LEAST:
        return None
    pieces[number : number + 1] = [piece_of(page)]
    pieces = without_endings(pieces)
    if number:
        pieces[number] = without_repeats(pieces[number], said | keys(pieces[:number]))
    told = (*known[:number], leaf(kept, number, page), *known[number + 1 :])
    return assembled(kept, page, number, pieces, told)


def leaf(kept: Article, number: int, page: Article) -> Leaf:
    """Return what is remembered of a page, its lengths yet to be told."""
    known = leaves(kept)
    url = known[number].url if number < len(known) else kept.next_part
    return Leaf(url=url, digest=fingerprint(page), html=0, text=0)


def assembled(
    kept: Article, page: Article, number: int, pieces: Sequence[Piece], known: Sequence[Leaf]
) -> Article:
    """Return the article that pieces are in their order; what is said of it the first page says."""
    first, other = (page, kept) if number == 0 else (kept, page)
    html = "".join(piece.html for piece in pieces)
    told = zip(known, pieces, strict=True)
    return replace(
        first,
        **{name: getattr(other, name) for name in _GAPS if number and not getattr(first, name)},
        html=html,
        text="\n\n".join(piece.text for piece in pieces if piece.paragraphs),
        credits=credited(first.credits, other.credits),
        keywords=tuple(dict.fromkeys((*first.keywords, *other.keywords))),
        names=tuple(dict.fromkeys((*first.names, *other.names))),
        links=tuple({link.url: link for link in (*other.links, *first.links)}.values()),
        media=shown(html, first, other),
        next_part=page.next_part if number == len(pieces) - 1 else kept.next_part,
        leaves=tuple(replace(each, html=len(own.html), text=len(own.text)) for each, own in told),
    )


def credited(first: Credits | None, other: Credits | None) -> Credits | None:
    """Return what two pages say of who made a story, the first one's word before the other's."""
    if first is None or other is None:
        return first or other
    names = (field.name for field in fields(Credits))
    return Credits(**{name: getattr(first, name) or getattr(other, name) for name in names})


def shown(html: str, first: Article, other: Article) -> tuple[Media, ...]:
    """Return what an article shows, each once: a picture only where it stands in it, or leads it."""
    pool = {media.url: media for media in (*other.media, *first.media)}
    lead = {media.url for media in first.media[:1]}
    order = dict.fromkeys(media.url for media in (*first.media, *other.media))
    plain = unescape(html)
    stays = (url for url in order if url in lead or pool[url].kind != "image" or url in plain)
    return tuple(pool[url] for url in stays)


# --- pieces --------------------------------------------------------------------------------------


def piece_of(article: Article) -> Piece:
    """Return all that a page says."""
    return Piece(
        blocks=tuple(blocks(article.html)), paragraphs=tuple(filter(None, article.text.split("\n\n")))
    )


def split(article: Article) -> Iterator[Piece]:
    """Yield what each page gave to an article that is joined."""
    html, prose = 0, 0
    for each in leaves(article):
        yield Piece(
            blocks=tuple(blocks(article.html[html : html + each.html])),
            paragraphs=tuple(filter(None, article.text[prose : prose + each.text].split("\n\n"))),
        )
        html += each.html
        prose += each.text + 2 * bool(each.text)


def blocks(html: str) -> Iterator[str]:
    """Yield the blocks of clean HTML that stand beside each other, in their order."""
    depth, begin = 0, 0
    for tag in _TAG.finditer(html):
        if tag[2] not in _VOID:
            depth += -1 if tag[1] else 1
        if depth <= 0:
            yield html[begin : tag.end()]
            depth, begin = 0, tag.end()
    if html[begin:]:
        yield html[begin:]


def key(block: str) -> str:
    """Return what tells a block from others: its words, whatever their spacing, or its picture."""
    image = _IMAGE.search(block)
    return image[1] if image and is_picture(block) else words(block)


def words(block: str) -> str:
    """Return the words of a block without spaces."""
    return "".join(unescape(_TAG.sub("", block)).split())


def is_picture(block: str) -> bool:
    """Say whether a block is a picture with its caption: it is no part of the text."""
    return block.startswith(("<figure", "<img"))


def keys(pieces: Iterable[Piece]) -> set[str]:
    """Return what tells all the blocks of pieces from others."""
    return {each for piece in pieces for block in piece.blocks for each in (key(block), words(block))}


def new_bytes(piece: Piece, known: set[str]) -> int:
    """Return how much text a page says that is not known."""
    said = {key(block) for block in piece.blocks if not is_picture(block)} - known
    return sum(len(each.encode("utf-8", "replace")) for each in said)


def without_repeats(piece: Piece, known: set[str]) -> Piece:
    """Return what a page says anew: what it repeats before its text begins is left out, pictures anywhere."""
    stays: list[str] = []
    repeats: list[str] = []
    begun = False
    for block in piece.blocks:
        own, shown = key(block), is_picture(block)
        again = own in known and (not shown or words(block) in {"", *known})
        if shown and again:
            continue
        if not shown and not begun and (again or _COUNTER.fullmatch(own)):
            repeats.append(own)
            continue
        begun = begun or (not shown and len(own.encode("utf-8", "replace")) >= _LONG)
        stays.append(block)
    return Piece(blocks=tuple(stays), paragraphs=less(piece.paragraphs, repeats))


def without_endings(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces without what each ends with and the next one does too: it stands at the end alone."""
    trimmed = [
        without_ending(piece, common_end(piece.blocks, following.blocks))
        for piece, following in zip(pieces, pieces[1:], strict=False)
    ]
    return [*trimmed, pieces[-1]]


def common_end(blocks: Sequence[str], others: Sequence[str]) -> int:
    """Return with how many same blocks two pages end, at least one of each left over."""
    most = min(len(blocks), len(others)) - 1
    return next((n for n in range(max(most, 0)) if key(blocks[-1 - n]) != key(others[-1 - n])), max(most, 0))


def without_ending(piece: Piece, many: int) -> Piece:
    """Return a piece without its last blocks."""
    cut = len(piece.blocks) - many
    endings = [key(block) for block in reversed(piece.blocks[cut:]) if not is_picture(block)]
    backwards = less(piece.paragraphs[::-1], endings, step=-1)
    return Piece(blocks=piece.blocks[:cut], paragraphs=backwards[::-1])


def less(paragraphs: Sequence[str], repeats: Iterable[str], *, step: int = 1) -> tuple[str, ...]:
    """Return paragraphs without those that blocks of these words are; a block may be several of them."""
    rest = list(paragraphs)
    at = 0
    for said in repeats:
        begin = at
        while begin < len(rest):
            end = until(rest, begin, said, step)
            if end:
                del rest[begin:end]
                at = begin
                break
            begin += 1
    return tuple(rest)


def until(paragraphs: Sequence[str], begin: int, said: str, step: int) -> int | None:
    """Return where the paragraphs end that are these words together, or None."""
    told = ""
    for end in range(begin, len(paragraphs)):
        own = key(escape(paragraphs[end]))
        told = told + own if step > 0 else own + told
        if told == said:
            return end + 1
        if len(told) >= len(said):
            return None
    return None


def belongs(kept: Article, page: Article) -> bool:
    """Say whether a page may be one of an article's: its headline is not quite another."""
    if not kept.title or not page.title:
        return True
    one, two = text.grams(kept.title), text.grams(page.title)
    if one and two:
        return bool(one & two)
    short, long = sorted((key(kept.title), key(page.title)), key=len)
    return short in long
