"""When an article was published and changed, as its page says.

In this order: JSON-LD, meta elements, microdata, times and dates that stand near the headline, the day in
the address, and dates in the text. The year of a copyright is never one. A date that can't be true, by the
time at which the page was captured or by the day in its address, is passed over for one that can.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from dibao.dates import Doubt, date_in_url, doubt, own_date
from dibao.extract import jsonld
from dibao.extract.said import Role, Said, Spot, brief
from dibao.extract.tree import Node, ancestors, attribute, kind
from dibao.text import squeeze

_PUBLISHED_WORDS = (
    "article:published_time og:published_time og:article:published_time article:published "
    "article:post_time pubdate "
    "publishdate publish-date publish_date publishtime publish_time publication_date publicationdate "
    "datepublished "
    "parsely-pub-date sailthru.date article.published citation_publication_date citation_online_date "
    "dc.date.issued dcterms.issued "
    "dcterms.created dc.date.created dc.date dcterms.date cxenseparse:recs:publishtime "
    "cxenseparse:publishtime date-published "
    "release_date originalpublicationdate article_date_original weibo:article:create_at "
    "bytedance:published_time date"
)
_MODIFIED_WORDS = (
    "article:modified_time og:updated_time og:modified_time article:modified lastmod last-modified "
    "last_modified dcterms.modified "
    "dc.date.modified revised datemodified bytedance:updated_time weibo:article:update_at"
)
_PUBLISHED, _MODIFIED = tuple(_PUBLISHED_WORDS.split()), tuple(_MODIFIED_WORDS.split())
# What others call theirs: "published", "content_publishedDate", "prism.publicationDate", "og:pubdate".
_LIKE = re.compile(
    r"(?:(?:^|[-_.:])publi(?:sh(?:ed)?|cation)[-_.:]?(?:date|time|at|on)|(?:^|[-_.:])published|pub[-_.]?date|"
    r"date[-_.]?(?:pub|published|created)|^(?:og:)?release[-_.]?date)$"
)
_ABOVE, _BELOW = 150, 250  # nodes around a headline in which its date may stand
_NEARBY = 40
_MOST = 300  # dates on one page
_DATED = Role.TIME | Role.DATE | Role.PUBLISHED | Role.MODIFIED
_LONGEST = 160  # characters of a block that is a date
_CLOCK = (
    r"(?:[T\s,|·•-]*(?:at|um|à|a las|klo|kl\.?|, ?)?\s*[\d]{1,2}[:.h時时]\d{2}(?::?\d{2}(?:\.\d+)?)?"
    r"(?:\s?[ap]\.?m\.?)?(?:\s?(?:Z|UTC|GMT|[A-Z]{2,4}T|[+-]\d\d:?\d\d))?)"
)
_NAME = r"[^\W\d_]{3,12}\.?"
_DATES = re.compile(
    rf"(?<![\d/.-])(?:(?:19|20)\d\d\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}|"
    rf"\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:19|20)\d\d|"
    rf"(?:民國|民国)?\s?\d{{2,4}}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|"
    rf"\d{{4}}년\s?\d{{1,2}}월\s?\d{{1,2}}일|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.|º|er)?\s(?:de\s|of\s|d’|d')?{_NAME},?\s(?:de\s|del\s)?(?:19|20)\d\d|"
    rf"{_NAME}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d)(?!\d|[-/.]\d){_CLOCK}?",
    re.I,
)
# A year, written to begin with a digit: what begins with a choice is tried at each character of a text.
_YEAR = re.compile(r"\d(?:(?:(?<=1)9|(?<=2)0)\d\d|\d{1,3}\s?[年년]|[/.-]\d{1,2}[/.-]\d\d)")
_FIRST = re.compile(
    r"publi(?:shed|é|cado|cato|sh)|posted|released|first|veröffentlicht|erschienen|erstellt|opublikowano|"
    r"geplaatst|publicerad|發布|发布|發佈|發表|发表|刊登|出版|公開|등록|입력|written|created|on\s*$",
    re.I,
)
_LATER = re.compile(
    r"updat|modif|edited|revis|last\s|aktualisier|geändert|mise? à jour|actualiza|aggiorn|bijgewerkt|"
    r"uppdatera|oppdater|opdater|更新|修改|最後|수정|güncelle|zaktualiz|обновл",
    re.I,
)
_NEVER = re.compile(
    r"©|\(c\)|copyright|all rights|expires?|event|since|founded|born|geboren|gegründet|until|版權|版权", re.I
)
_WRONG_PLACES = frozenset(
    ["footer", "aside", "nav", "figure", "figcaption", "blockquote", "select", "table", "form"]
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date that a page gives, and where it was read."""

    at: datetime | None = None
    raw: str | None = None
    doubt: Doubt | None = None
    source: str = ""
    confidence: float = 0.0

    @property
    def fact(self) -> tuple[object, str, float]:
        """Return the date, where it was read, and how sure that is."""
        return self.at, self.source, self.confidence


@dataclass(frozen=True, slots=True)
class Reader:
    """How dates of one page are read: its language and zone, and what is known about when it can't be."""

    url: str
    language: str | None
    timezone: str | None
    seen_at: datetime | None

    def read(self, text: str) -> datetime | None:
        """Return the date that a text says, in its own zone, or None."""
        return own_date(text, language=self.language, timezone=self.timezone)

    def why_not(self, at: datetime) -> Doubt | None:
        """Return why a date is not believed."""
        day = date_in_url(self.url)
        return doubt(
            at, self.seen_at or datetime.max.replace(tzinfo=UTC, year=9990), evidence=[day] if day else ()
        )


def published(said: Said, reader: Reader, anchor: int | None) -> Date:
    """Return when the article was published, by the first of its dates that can be true."""
    stated = _first(_stated(said, "datePublished", _PUBLISHED, Role.PUBLISHED), reader)
    if stated.at and not stated.doubt:
        return stated
    found = _first(_shown(said, reader, anchor), reader)
    return found if found.at and not found.doubt else (stated if stated.raw else found)


def modified(said: Said, reader: Reader, after: datetime | None) -> Date:
    """Return when the article was last changed, as far as that can be true."""
    found = _first(_stated(said, "dateModified", _MODIFIED, Role.MODIFIED), reader)
    is_before = bool(found.at and after and found.at < after and _day(found.at) != _day(after))
    return Date() if found.doubt or is_before else found


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _first(given: Iterable[tuple[str, float, str]], reader: Reader) -> Date:
    """Return the first date that can be believed; else the first that can't; else the first words."""
    doubtful, words = Date(), Date()
    for source, confidence, text in given:
        at = reader.read(text)
        if at is None:
            words = words if words.raw else Date(None, text[:100], None, source, 0.0)
            continue
        why = reader.why_not(at)
        if why is None:
            return Date(at, text, None, source, confidence)
        doubtful = doubtful if doubtful.raw else Date(at, text, why, source, 0.1)
    return doubtful if doubtful.raw else words


# --- what is stated --------------------------------------------------------------------------------------


def _stated(said: Said, name: str, names: Iterable[str], role: int) -> Iterator[tuple[str, float, str]]:
    for text in jsonld.texts(said.thing.get(name)):
        yield "json-ld", 0.95, text
    if name == "datePublished":
        for text in jsonld.texts(said.thing.get("dateCreated")) + jsonld.texts(said.thing.get("uploadDate")):
            yield "json-ld", 0.85, text
    for each in names:
        for text in said.meta.get(each, ())[:2]:
            yield ("opengraph" if ":" in each else "meta"), 0.9, text
    for spot in said.of(role):
        if attribute(spot.node, "itemprop").lower() == name.lower():
            yield "microdata", 0.9, _written(spot.node)


def _written(node: Node) -> str:
    return attribute(node, "datetime") or attribute(node, "content") or brief(node, 100)


# --- what is shown -----------------------------------------------------------------------------------------


def _shown(said: Said, reader: Reader, anchor: int | None) -> Iterator[tuple[str, float, str]]:
    near = sorted(_nearby(said, reader, anchor), key=lambda each: each[0])
    for _, source, text in (each for each in near if each[0] < 100):
        yield source, 0.8, text
    day = date_in_url(reader.url)
    if day:
        yield "url", 0.75, day.date().isoformat()
    for name in filter(_LIKE.search, said.meta):
        yield "meta", 0.7, said.meta[name][0]
    for score, source, text in near:
        yield source, 0.5 if score < 200 else 0.3, text


def _nearby(said: Said, reader: Reader, anchor: int | None) -> Iterator[tuple[float, str, str]]:
    """Yield dates that the page shows, with how far each is from being a headline's: 0 is just it."""
    dated = (spot for spot in said.spots if spot.role & _DATED)
    for spot in islice(dated, _MOST):
        outside = said.is_outside(spot.node) or _is_misplaced(spot.node)
        yield from _of_block(spot, _away(spot.place, anchor) + (300 if outside else 0))
    yield from _of_text(said, anchor)


def _of_block(spot: Spot, away: float) -> Iterator[tuple[float, str, str]]:
    node = spot.node
    stamp = attribute(node, "datetime") or attribute(node, "content")
    text = brief(node, _LONGEST)
    if not text and not stamp:
        return
    later = bool(spot.role & Role.MODIFIED) or (bool(_LATER.search(text)) and not _FIRST.search(text))
    kindly = 60 if later else -20 if spot.role & Role.PUBLISHED else 0
    source = "time element" if spot.role & Role.TIME else "date block"
    if spot.role & Role.TIME and stamp:
        yield away + kindly - 15, source, stamp
    else:
        for rank, (found, is_later) in enumerate(dates_in(text)):
            yield away + kindly + 3 * rank + 60 * is_later, source, found


def _of_text(said: Said, anchor: int | None) -> Iterator[tuple[float, str, str]]:
    for place, node in said.texts:
        text = node.text_content or ""
        if len(text) > 2000 or not _YEAR.search(text) or (away := _away(place, anchor)) > 400:
            continue
        line = squeeze(text)
        parent = node.parent
        if parent is None or kind(parent) in ("script", "style", "noscript", "option") or _NEVER.search(line):
            continue
        inside = 300 if said.is_outside(parent) or _is_misplaced(parent) else 0
        said_so = bool(_FIRST.search(line[:40]))
        long = 0 if len(line) < 60 else 60 if said_so else 220
        for found, is_later in dates_in(line[:400]):
            yield away + inside + long + 60 * is_later + (0 if said_so else 25), "text", found
            break


def _away(place: int, anchor: int | None) -> float:
    """Return how far a block stands from the headline: little just below it, more above it."""
    if anchor is None:
        return 120 + place / 50
    below = place - anchor
    if below >= 0:
        return (
            below * 0.5 if below <= _NEARBY * 2 else 40 + below * 0.8 if below <= _BELOW else 240 + below / 20
        )
    return 10 - below * 1.0 if -below <= _ABOVE else 180 - below / 10


def _is_misplaced(node: Node) -> bool:
    """Say whether a block stands where dates are of something else."""
    return any(kind(above) in _WRONG_PLACES for above in ancestors(node))


def dates_in(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what looks like a date in a text, and whether it is said to be one of a change."""
    if _NEVER.search(text):
        return
    end = 0
    for found in _DATES.finditer(text):
        before = text[end : found.start()]
        later = bool(_LATER.search(before)) and not _FIRST.search(before)
        end = found.end()
        yield found[0].strip(" ,|·•-"), later
