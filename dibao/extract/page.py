"""The article of a page: what the page says of it, its main content, its pictures."""

from dataclasses import replace

from dibao.charset import decode
from dibao.errors import ExtractError
from dibao.extract import body as content
from dibao.extract.clean import clean, to_text
from dibao.extract.credits import bilingual, credits
from dibao.extract.edges import trim
from dibao.extract.language import language as language_of
from dibao.extract.media import frame, lead, shown
from dibao.extract.meta import Meta, read
from dibao.extract.parts import next_part
from dibao.extract.pictures import repair
from dibao.extract.tree import Tree, drop, parse, strip_furniture, strip_machinery, words
from dibao.model import Article, Basis, Media
from dibao.people import people
from dibao.text import grams, squeeze

_SHORTEST = 25  # characters of a text that can be an article
_LONG = 1500  # characters of a text that surely is one


def read_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
) -> Article:
    """Return the article of a page alone; raises ExtractError, which says why there is none.

    ``language`` and ``timezone`` are the source's, for where the page is silent.
    """
    if not _may_be_html(body, content_type):
        raise ExtractError(url, f"not a page: {content_type or 'unknown bytes'}")
    text, _ = decode(body, content_type=content_type)
    tree = parse(text, url)
    goes_on = next_part(tree, url)
    meta = read(tree, url=url, outlet=outlet, language=language, timezone=timezone)
    html, media = _main(tree, url, meta)
    article = replace(_article(meta, html, media, outlet), next_part=goes_on)
    if len(squeeze(article.text)) < _SHORTEST:
        raise ExtractError(url, "no article in the page")
    return article


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


def _main(tree: Tree, url: str, meta: Meta) -> tuple[str, tuple[Media, ...]]:
    repair(tree, url)
    strip_machinery(tree)
    strip_furniture(tree)
    drop([heading for heading in tree.css("h1,h2") if words(heading) == meta.title])
    framed = frame(tree, meta.title or "")
    html = clean(content.main(tree), url)
    return html, lead(shown(html, framed), meta.images)


def _article(meta: Meta, html: str, media: tuple[Media, ...], outlet: str | None) -> Article:
    made = credits(to_text(html))  # before the lines that say it are taken off
    html, byline = trim(html)
    text = to_text(html)
    return Article(
        title=meta.title,
        html=html,
        text=text,
        canonical_url=meta.canonical_url,
        dek=_dek(meta, text),
        authors=meta.authors or (made.reporters if made else ()) or people([byline or ""], [outlet]),
        byline=meta.byline or byline,
        credits=made,
        published_at=meta.published_at,
        published_raw=meta.published_raw,
        modified_at=meta.modified_at,
        language=language_of(meta.language, f"{meta.title or ''} {text}"),
        section=meta.section,
        keywords=meta.keywords,
        names=bilingual(text),
        media=media,
        confidence=_confidence(meta, text),
        basis=Basis.PAGE,
    )


def _dek(meta: Meta, text: str) -> str | None:
    """Return the dek, unless it is only how the text begins, or the headline again."""
    dek = meta.dek
    if not dek or dek == meta.title or squeeze(text).startswith(dek.rstrip(" .…")[:60]):
        return None
    return dek


def _confidence(meta: Meta, text: str) -> float:
    long = min(1.0, len(text) / _LONG)
    return round(0.3 + 0.4 * long + 0.2 * meta.is_article + 0.1 * bool(meta.published_at), 2)


# --- page or feed -----------------------------------------------------------------------------------

_SHARED = 0.05  # of an announcement's character sequences: less, and the page is about something else
_SHORTER = 0.6  # of the feed's text: a page with less is a teaser or a wall
_ANNOUNCED = 40  # characters of an announcement that can be looked for


def better(page: Article, feed: Article) -> Article:
    """Return the page's article or the feed's, whichever is whole, with gaps filled from the other."""
    if _is_elsewhere(page, feed):
        return feed
    if len(page.text) < _SHORTER * len(feed.text) and feed.confidence >= min(0.5, page.confidence):
        return _filled(feed, page)
    return _filled(page, feed)


def _is_elsewhere(page: Article, feed: Article) -> bool:
    """Say whether a page's text and headline share nothing with what was announced."""
    announced = grams(f"{feed.title or ''}{feed.text}")
    if len(announced) < _ANNOUNCED or not feed.text:
        return False
    found = grams(f"{page.title or ''}{page.text}")
    return len(announced & found) < _SHARED * len(announced) and not grams(feed.title or "") & found


def _filled(winner: Article, other: Article) -> Article:
    names = (
        "title",
        "canonical_url",
        "dek",
        "authors",
        "byline",
        "modified_at",
        "section",
        "keywords",
        "media",
        "links",
    )
    gaps = {name: getattr(other, name) for name in names if not getattr(winner, name)}
    dated = next((each for each in (winner, other) if each.published_at), None)
    dated = dated or next((each for each in (winner, other) if each.published_raw), winner)
    dates = {name: getattr(dated, name) for name in ("published_at", "published_raw", "published_doubt")}
    return replace(winner, **gaps, **dates)
