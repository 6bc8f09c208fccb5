"""The article of a page: what the page says of it, its main content, its pictures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from dibao.charset import decode
from dibao.errors import ExtractError
from dibao.extract.beside import beside, thumbnails
from dibao.extract.blocks import Walk, units
from dibao.extract.body import Content, main
from dibao.extract.clean import POLICY, to_text
from dibao.extract.credits import bilingual, credits
from dibao.extract.embeds import stand
from dibao.extract.language import language as language_of
from dibao.extract.measures import Measures, Told, measure
from dibao.extract.media import frame, lead, shown, with_films
from dibao.extract.meta import Meta, read
from dibao.extract.parts import next_part
from dibao.extract.pictures import repair
from dibao.extract.rules import Rule, apply, over, rewritten
from dibao.extract.served import as_html, is_text, opened, unwrapped, wants_scripts
from dibao.extract.stated import Stated, stated
from dibao.extract.tree import Tree, parse, strip_chrome, strip_machinery
from dibao.model import Article, Basis, Credits, Media, Origin
from dibao.people import people
from dibao.text import grams, squeeze

_SHORTEST = 3.5  # words of a text that can be an article
_FEWEST = 10  # characters of it
_OPENING = 200  # characters of a text that a dek may only say again
_WRAPPED = 40  # words of one that only scripts would show, or only without scripts
_NOTICE = 60  # of one that asks for scripts, and may yet be an article, for each time that it asks
_ASKED = 3  # times: a longer text may be about scripts


def read_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
    seen_at: datetime | None = None,
    rule: Rule | None = None,
) -> Article:
    """Return the article of a page alone; raises ExtractError, which says why there is none.

    ``language`` and ``timezone`` are the source's, for where the page is silent; ``seen_at`` is when the
    page was captured: it can't say what was published later. ``rule`` is about its site.
    """
    if not _may_be_html(body, content_type):
        raise ExtractError(url, f"not a page: {content_type or 'unknown bytes'}")
    text, _ = decode(body, content_type=content_type)
    if not is_text(text):
        raise ExtractError(url, "not a page: its bytes are no text")
    given: dict[str, Any] = {"outlet": outlet, "language": language, "timezone": timezone}
    for html, by, is_enough in _ways(as_html(text, content_type), rule):
        article = _read(html, url, by, seen_at, given)
        if is_enough(article.text):
            return replace(article, rule=by.name) if by else article
    raise ExtractError(url, "no article in the page")


def _ways(html: str, rule: Rule | None) -> Iterator[tuple[str, Rule | None, Callable[[str], bool]]]:
    """Yield what to read, by which rule, and what says if that was enough: the first that is will do."""
    if rule:
        yield html, rule, _is_enough
    yield html, None, _is_enough  # the rule no longer fits
    clear = opened(html)
    if clear != html:
        yield clear, None, _is_enough
    bare = unwrapped(clear)
    if bare is not None:
        yield bare, None, _is_article


def _is_enough(text: str) -> bool:
    length = units(text)
    if len(text) < _FEWEST or length < _SHORTEST:
        return False
    return length >= _NOTICE * _ASKED or length >= _NOTICE * wants_scripts(text)


def _is_article(text: str) -> bool:
    """Say whether what stood under wraps is more than a notice, however often that is said."""
    return units(text) >= max(_WRAPPED, _NOTICE * wants_scripts(text))


def _read(html: str, url: str, rule: Rule | None, seen_at: datetime | None, given: dict[str, Any]) -> Article:
    """Return what a page says, however little; ``given`` is what the source says of it."""
    tree = parse(rewritten(html, rule) if rule else html, url)
    goes_on = next_part(tree, url)
    meta = read(tree, url=url, seen_at=seen_at, **given)
    outlet = given["outlet"]
    if rule:
        said = apply(tree, rule, url)
        goes_on = said.single or said.next or goes_on
        meta = over(meta, said, outlets=[outlet], language=given["language"], timezone=given["timezone"])
    prepared = _prepare(tree, url, meta)
    content = main(tree.body, told(meta), url, meta.images) if tree.body is not None else Content()
    article = _article(meta, content, _media(content, meta, prepared), outlet)
    links = beside(content.beside, url, meta.canonical_url, prepared.thumbnails)
    return replace(article, next_part=goes_on, links=links)


def stated_address(body: bytes, *, content_type: str | None = None) -> str | None:
    """Return the address that a page says is its own, or None."""
    if not _may_be_html(body, content_type):
        return None
    try:
        tree = parse(decode(body, content_type=content_type)[0], "")
    except ExtractError:
        return None
    return read(tree, url="", outlet=None, language=None, timezone=None).canonical_url


def _may_be_html(body: bytes, content_type: str | None) -> bool:
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    if body.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")):
        return False
    return "html" in kind or "xml" in kind or kind in ("text/plain", "application/octet-stream", "")


def measured(tree: Tree, url: str) -> Measures:
    """Return what can be measured of a page's blocks; changes the tree."""
    meta = read(tree, url=url, outlet=None, language=None, timezone=None)
    _prepare(tree, url, meta)
    return measure(Walk(tree.body), told(meta)) if tree.body is not None else Measures()


def told(meta: Meta) -> Told:
    """Return what a page tells of its article, as its blocks are compared with it."""
    return Told.of(meta.title, meta.dek, meta.body)


class _Prepared(NamedTuple):
    figures: dict[str, Media]  # what stands in them, by address
    stated: Stated  # what is stated of pictures and films out of sight
    thumbnails: dict[str, str]  # of links, by their addresses


def _prepare(tree: Tree, url: str, meta: Meta) -> _Prepared:
    """Stand each picture and player in a figure, take out what nobody reads, and return what stands."""
    strip_chrome(tree)
    repair(tree, url)
    stating = stated(tree, url)
    players = stand(tree, url, meta.players)
    strip_machinery(tree)
    linked = thumbnails(tree)
    return _Prepared(players | frame(tree, meta.title or "", stating.captions, url), stating, linked)


def _media(content: Content, meta: Meta, prepared: _Prepared) -> tuple[Media, ...]:
    """Return what an article shows, with the picture for sharing or the stated film where it shows none."""
    stating = prepared.stated
    offered = (*meta.images, *stating.posters)
    return with_films(lead(shown(content.html, prepared.figures), offered, stating.captions), stating.films)


def _article(meta: Meta, content: Content, media: tuple[Media, ...], outlet: str | None) -> Article:
    made, html, byline = credits(content.said), content.html, content.byline
    authors, origins = _signed(meta, made, byline, outlet)
    text = to_text(html)
    return Article(
        title=meta.title,
        html=html,
        text=text,
        policy=POLICY,
        canonical_url=meta.canonical_url,
        kicker=meta.kicker,
        dek=_dek(meta, text),
        authors=authors,
        outlets=meta.outlets,
        byline=meta.byline or byline,
        credits=made,
        published_at=meta.published_at,
        published_raw=meta.published_raw,
        published_doubt=meta.published_doubt,
        modified_at=meta.modified_at,
        language=language_of(meta.language, f"{meta.title or ''} {text}"),
        section=meta.section,
        keywords=meta.keywords,
        names=bilingual(text),
        media=media,
        confidence=content.confidence,
        origins=(*origins, Origin(field="text", source="page", confidence=content.confidence)),
        basis=Basis.PAGE,
    )


def _signed(
    meta: Meta, made: Credits | None, byline: str | None, outlet: str | None
) -> tuple[tuple[str, ...], tuple[Origin, ...]]:
    """Return the authors, and where all was read: where the page names no people, its text may."""
    if meta.authors:
        return meta.authors, meta.origins
    reporters = people(made.reporters, [outlet]) if made else ()
    signed = people([byline or ""], [outlet])
    if not reporters and not signed:
        return (), meta.origins
    told = Origin(field="authors", source="credits" if reporters else "text", confidence=0.8)
    return reporters or signed, (*(each for each in meta.origins if each.field != "authors"), told)


def _dek(meta: Meta, text: str) -> str | None:
    """Return the dek, unless it is only how the text begins, or the headline again."""
    dek = meta.dek
    if not dek or dek == meta.title or squeeze(text[:_OPENING]).startswith(dek.rstrip(" .…")[:60]):
        return None
    return dek


# --- page or feed -----------------------------------------------------------------------------------

_SHARED = 0.05  # of an announcement's character sequences: less, and the page is about something else
_SHORTER = 0.6  # of the feed's text: a page with less is a teaser or a wall
_LINE = 0.05  # of it: a page with less is a line above a wall, whatever the feed's text is worth
_JUNK = 0.2  # confidence up to which a feed's text is never enough
_ENOUGH = 500  # characters of a feed's text that is enough to be an article
_SURER = 0.1  # by so much the feed's text is to be surer than the page's, which stands among its pictures
_STATED = 0.7  # confidence of a date that the page states or shows by its headline
_ANNOUNCED = 40  # characters of an announcement that can be looked for


def better(page: Article, feed: Article) -> Article:
    """Return the page's article or the feed's, whichever is whole and surer, with gaps filled from the other.

    Which one it is stands in `Article.basis`, and with its confidence among `Article.origins`, as ``text``.
    """
    if is_elsewhere(page, feed):
        return feed
    if _is_teaser(page, feed) or _f1(feed, page) > page.confidence + _SURER:
        return _filled(feed, page)
    return _filled(page, feed)


def is_elsewhere(page: Article, feed: Article) -> bool:
    """Say whether a page's text and headline share nothing with what was announced."""
    announced = grams(f"{feed.title or ''}{feed.text}")
    if len(announced) < _ANNOUNCED or not feed.text:
        return False
    found = grams(f"{page.title or ''}{page.text}")
    return len(announced & found) < _SHARED * len(announced) and not grams(feed.title or "") & found


def _is_teaser(page: Article, feed: Article) -> bool:
    """Say whether a page holds clearly less than the feed, which is enough to be an article."""
    if len(feed.text) < _ENOUGH * min(1.0, 2 * page.confidence):
        return False
    return len(page.text) < (_SHORTER if feed.confidence > _JUNK else _LINE) * len(feed.text)


def _f1(feed: Article, page: Article) -> float:
    """Return the F1 to be expected of a feed's text: little where the page has much more that is right."""
    right = page.confidence * len(page.text)
    return feed.confidence * min(1.0, 2 * len(feed.text) / (len(feed.text) + right + 1e-9))


_FACTS = (
    "title",
    "kicker",
    "canonical_url",
    "dek",
    "authors",
    "outlets",
    "byline",
    "modified_at",
    "section",
    "keywords",
    "media",
    "links",
)


def _filled(winner: Article, other: Article) -> Article:
    """Return an article with its gaps filled from the other, and its date from the one surer of it."""
    gaps = {name: getattr(other, name) for name in _FACTS if not getattr(winner, name)}
    dated = _dated(winner, other)
    dates = {name: getattr(dated, name) for name in ("published_at", "published_raw", "published_doubt")}
    taken = {name for name, value in gaps.items() if value} | ({"published_at"} if dated is other else set())
    kept = [origin for origin in winner.origins if origin.field not in taken]
    origins = (*kept, *(origin for origin in other.origins if origin.field in taken))
    return replace(winner, **gaps, **dates, origins=origins)


def _dated(winner: Article, other: Article) -> Article:
    """Return the article whose date to take: the surer one's, else the one that gives any, else any words."""
    dated = [each for each in (winner, other) if each.published_at and not each.published_doubt]
    if dated:
        return max(dated, key=_sure_of_date)
    return next((each for each in (winner, other) if each.published_raw), winner)


def _sure_of_date(article: Article) -> bool:
    """Say whether a date was stated: one that had to be looked for is worth less than an announced one."""
    told = (origin.confidence for origin in article.origins if origin.field == "published_at")
    return next(told, 1.0) >= _STATED
