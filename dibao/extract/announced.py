"""The article as its feed gave it: the entry's own content, without what stands beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dibao.errors import ExtractError
from dibao.extract import furniture
from dibao.extract.blocks import units
from dibao.extract.clean import POLICY, clean, to_text
from dibao.extract.credits import bilingual, credits
from dibao.extract.embeds import stand
from dibao.extract.furniture import Beside
from dibao.extract.language import language as language_of
from dibao.extract.media import frame, shown
from dibao.extract.meta import keywords
from dibao.extract.occasions import told
from dibao.extract.pictures import repair
from dibao.extract.rules import Rule, apply, rewritten
from dibao.extract.titles import headline
from dibao.extract.tree import parse, strip_machinery, words
from dibao.model import Article, Basis, Credits, Enclosure, Entry, Media, Origin
from dibao.people import people
from dibao.text import grams, squeeze
from dibao.urls import absolute

_SHOWN = ("image", "audio", "video")
_FULL = 130  # words from which a feed's text is surely an article
_SURE = 0.9  # of a whole article in its feed: no page is around it, but its relay may have cut or added
_LITTLE = 0.1  # of one that says the same again and again
_NEW = 0.15  # of its letters begin a sequence of six that was not there before, at least, in any article
_CUT = 0.3  # of one that says that it goes on elsewhere
_EDGE = 60  # characters at whose end that is said
_GOES_ON = re.compile(
    r"(?:…|\.\.\.|\[&hellip;\]|read (?:more|on|the rest)|continue reading|"
    r"閱讀全文|阅读全文|繼續閱讀|继续阅读|閱讀更多|阅读更多|看更多|查看全文|全文連結|weiterlesen|mehr lesen|"
    r"lire la suite|leer más|seguir leyendo|続きを読む|더 ?보기)[\s»›→>\])）】.。:：]*$",
    re.I,
)


def from_entry(
    entry: Entry,
    *,
    url: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
    rule: Rule | None = None,
) -> Article:
    """Return the article that an entry is by itself; an empty one where it holds nothing.

    Never raises. ``rule`` is about the relay that made the feed, or about the article's site. ``timezone``
    is taken so that it can be called as `extract` is; the entry's dates are read.
    """
    link = absolute(url, entry.link) or url
    title = headline([entry.title], [], [outlet])
    html, media, beside, signed = _content(
        entry.content or entry.summary or "", entry.base or link or "", title, rule
    )
    text = to_text(html)
    made = _credits(text, beside)
    authors = people(entry.authors, [outlet]) or people(signed, [outlet])
    return Article(
        title=title,
        html=html,
        text=text,
        policy=POLICY,
        canonical_url=absolute(None, link),
        dek=_dek(entry, text),
        authors=authors or (people(made.reporters, [outlet]) if made else ()),
        outlets=entry.outlets,
        byline=", ".join((*entry.authors, *entry.outlets))[:300] or None,
        credits=made,
        published_at=entry.published,
        published_raw=entry.published_raw,
        published_doubt=entry.published_doubt,
        modified_at=entry.updated,
        language=language_of(entry.language or language, f"{title or ''} {text}"),
        keywords=beside.keywords or keywords(entry.categories, [outlet]),
        names=bilingual(text),
        links=beside.links,
        media=media or _enclosed(entry.enclosures),
        confidence=_confidence(text),
        origins=tuple(_origins(entry, title, text)),
        basis=Basis.FEED,
        rule=rule.name if rule else None,
    )


def _confidence(text: str) -> float:
    """Return the F1 that is to be expected of a feed's text: high for a whole article, low for an excerpt."""
    sure = _LITTLE if _says_little(text) else _CUT if _GOES_ON.search(text[-_EDGE:]) else _SURE
    return round(sure * min(1.0, units(text) / _FULL), 2)


def _says_little(text: str) -> bool:
    """Say whether most of a text says again what it has said."""
    letters = sum(map(str.isalnum, text[:20_000]))
    return letters > 200 and len(grams(text)) < _NEW * letters


def _origins(entry: Entry, title: str | None, text: str) -> Iterator[Origin]:
    """Yield that the feed said what it said; it names people and days with more care than its categories."""
    facts = {
        "title": title,
        "authors": entry.authors or entry.outlets,
        "published_at": entry.published,
        "modified_at": entry.updated,
        "keywords": entry.categories,
        "canonical_url": entry.link,
    }
    for name, value in facts.items():
        if value:
            yield Origin(field=name, source="feed", confidence=0.6 if name == "keywords" else 0.8)
    if text:
        yield Origin(field="text", source="feed", confidence=_confidence(text))


def _content(
    written: str, url: str, title: str | None, rule: Rule | None
) -> tuple[str, tuple[Media, ...], Beside, list[str]]:
    """Return clean HTML, its pictures, what stood beside it, and how it is signed."""
    try:
        tree = parse(rewritten(written, rule) if rule else written, url)
    except ExtractError:  # too much for a parser: there is only the title
        return "", (), Beside(), []
    if rule:
        apply(tree, rule, url)
    signed = [words(node) for node in tree.css('[rel~="author"],.username')][:1]
    repair(tree, url)
    players = stand(tree, url)
    strip_machinery(tree)
    beside = furniture.clear(tree, url, title)
    framed = players | frame(tree, title or "", url=url)
    html = clean(tree.body.html or "" if tree.body is not None else "", url)
    return html, shown(html, framed), beside, signed


def _credits(text: str, beside: Beside) -> Credits | None:
    made = credits(text)
    return replace(made or Credits(), relay=beside.relay) if beside.relay else made


def _dek(entry: Entry, text: str) -> str | None:
    """Return the summary where it says something that the text does not begin with."""
    summary = squeeze(to_text(clean(entry.summary or "")))
    begins = squeeze(text)[: len(summary)]
    return (
        summary
        if entry.content and summary and summary.rstrip("….") not in begins and len(summary) <= 500
        else None
    )


def _enclosed(enclosures: Iterable[Enclosure]) -> tuple[Media, ...]:
    """Return the pictures, sounds and films that an entry carries, each once in its largest size."""
    shown: dict[str, list[Enclosure]] = {}
    for file in enclosures:
        if _kind(file) in _SHOWN and absolute(None, file.url):
            shown.setdefault(_in_any_size(file), []).append(file)
    return tuple(_media(sorted(sizes, key=lambda file: -(file.width or 0))) for sizes in shown.values())


def _kind(file: Enclosure) -> str:
    return (file.type or file.medium or "").partition("/")[0]


def _in_any_size(file: Enclosure) -> str:
    """Return an address without its numbers where the feed says how wide the picture is there."""
    return re.sub(r"\d+", "", file.url.partition("?")[0]) if file.width else file.url


def _media(sizes: list[Enclosure]) -> Media:
    largest = sizes[0]
    media = Media(
        url=largest.url,
        kind=_kind(largest),
        candidates=tuple(file.url for file in sizes),
        caption=next((file.title for file in sizes if file.title), None),
        credit=next((file.credit for file in sizes if file.credit), None),
        width=largest.width,
        height=largest.height,
    )
    return told(media)
