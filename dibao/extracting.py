"""Articles of pages that a person names, in files or at addresses: read at once, told in order."""

import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import NamedTuple, cast

from dibao.archive import foreign
from dibao.errors import ConfigError
from dibao.model import KEPT_PAGES, Article, Capture, Kind, Reading, Source, Visit
from dibao.saved import unfold
from dibao.workers import KEPT, Workers

MOST = 20_000_000  # bytes of a page, unpacked
UNKNOWN = "about:blank"  # where a page stood of which nobody says it
SOMEWHERE = "https://page.invalid/2026/page"
RELATIVE = re.compile(rb"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']?(?!["'\s]|https?:|//|data:)""", re.I)
LOOKS = 20  # pages of which it is looked whether they lose pictures so; one that does is enough
PAGES = (".html", ".htm", ".xhtml", ".mhtml", ".mht", ".warc")  # what is taken from a folder, gzipped or not


class Page(NamedTuple):
    """A page to be read."""

    name: str  # as a person named it
    url: str
    body: bytes
    content_type: str | None = None
    is_alone: bool = True  # not one of those in a WARC file
    at: datetime | None = None  # when it was captured: what its dates are judged against; None: now


class Lacking(NamedTuple):
    """A page that can't be had, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in a page: an article, or why there is none."""

    page: str  # the file or address that a person named
    url: str | None
    error: str | None
    article: Article | None
    lost: int = 0  # pictures left out, since nobody says where the page stood


def found(pages: Iterable[Page | Lacking], workers: Workers, now: datetime) -> Iterator[Found]:
    """Yield what is found in each page, in the order of the pages, read by all processes at once."""
    told: dict[int, Found] = {}
    looks = LOOKS

    def asked() -> Iterator[tuple[Visit, Capture]]:
        for number, page in enumerate(pages):
            if isinstance(page, Lacking):
                told[number] = Found(page=page.name, url=None, error=page.why, article=None)
            else:
                yield answer(number, page, now)

    following = 0
    for batch in workers.read(asked()):
        for visit, capture, reading in batch:
            lost = 0
            if looks and reading.article and may_lose_pictures(capture):
                lost = pictures_lost(visit, capture, reading.article, workers)
                looks = 0 if lost else looks - 1
            told[visit.id or 0] = Found(
                page=visit.source.name,
                url=None if visit.url == UNKNOWN else visit.url,
                error=None if reading.article else why_none(reading),
                article=reading.article,
                lost=lost,
            )
        while following in told:
            yield told.pop(following)
            following += 1
    yield from (told[number] for number in sorted(told))


def may_lose_pictures(capture: Capture) -> bool:
    """Say whether a page has pictures without a full address, and none is known to complete them with."""
    return capture.url == UNKNOWN and RELATIVE.search(capture.body) is not None


def pictures_lost(visit: Visit, capture: Capture, article: Article, workers: Workers) -> int:
    """Return how many pictures more the article has where the page is said to stand somewhere."""
    stood = replace(capture, url=SOMEWHERE, final_url=SOMEWHERE)
    (((_, _, again),),) = workers.read(iter([(visit, stood)]))
    return max(0, len(again.article.media) - len(article.media)) if again.article else 0


def answer(number: int, page: Page, now: datetime) -> tuple[Visit, Capture]:
    """Return a page as what a server would have answered, so that it is read as every page is."""
    source = Source(name=page.name, url=page.url, kind=KEPT_PAGES.kind)
    headers = (("Content-Type", page.content_type),) if page.content_type else ()
    capture = Capture(
        url=page.url,
        final_url=page.url,
        captured_at=page.at or now,
        status=200,
        headers=headers,
        body=page.body,
    )
    return Visit(id=number, url=page.url, kind=Kind.ARTICLE, source=source), capture


def why_none(reading: Reading) -> str | None:
    """Return why a page has no article; of a page that nobody keeps it is not said that it is kept."""
    return reading.error and reading.error.removesuffix(KEPT)


def article_in(page: Page | Lacking, workers: Workers, now: datetime) -> Article:
    """Return the article in a page, read within the bounds of every page; ConfigError where there is none."""
    (only,) = found([page], workers, now)
    return article_of(only)


def article_of(found: Found) -> Article:
    """Return the article that was found; ConfigError where there is none."""
    if found.article is None:
        raise ConfigError(f"{'stdin' if found.page == '-' else found.page}: {found.error}")
    return found.article


def files(names: Iterable[str], *, but: Path | None = None) -> list[str]:
    """Return the names, a folder's replaced by those of the pages and WARC files below it; stdin once.

    What stands below `but` is left out: it is what came of pages, and no page.
    """
    named: list[str] = []
    for name in names:
        if name == "-" and name in named:
            continue
        if "://" in name or not Path(name).is_dir():
            named.append(name)
        else:
            named += [str(path) for path in sorted(Path(name).rglob("*")) if is_page(path, but, Path(name))]
    return named


def is_page(path: Path, but: Path | None, folder: Path) -> bool:
    """Say whether a file below a folder may hold a page, and stands in no other folder that is left out."""
    if not (path.is_file() and ending(path)):
        return False
    aside = but.resolve() if but is not None else None
    return aside is None or aside == folder.resolve() or not path.resolve().is_relative_to(aside)


def ending(path: Path) -> str:
    """Return how the name of a page's file ends, empty for other files."""
    name = path.name.lower()
    kind = next((kind for kind in PAGES if name.removesuffix(".gz").endswith(kind)), "")
    return kind + ".gz" * (bool(kind) and name.endswith(".gz"))


def pages(
    names: Iterable[str], url: str | None, ask: Callable[[str], Capture], now: datetime
) -> Iterator[Page | Lacking]:
    """Yield every page that the names stand for, in their order; `ask` fetches an address.

    `url` is where a saved page stood; of a WARC file, only the page at that address is wanted.
    """
    for name in names:
        try:
            if "://" in name:
                yield page_of(name, ask(name))
            else:
                yield from _in_file(name, url, now)
        except ConfigError as error:
            yield Lacking(name, str(error))
        except (OSError, EOFError, zlib.error) as error:
            hint = ". (An address begins with https://)" if isinstance(error, FileNotFoundError) else ""
            yield Lacking(name, f"can't be read: {getattr(error, 'strerror', None) or error}{hint}")


def page_of(name: str, capture: Capture) -> Page:
    """Return the page in a capture."""
    said = capture.header("Content-Type")
    return Page(name, capture.final_url, capture.body, said, at=capture.captured_at)


def stdin() -> BufferedReader:
    """Return standard input as bytes that can be looked at before they are taken."""
    return BufferedReader(cast(RawIOBase, sys.stdin.buffer))


def _in_file(name: str, url: str | None, now: datetime) -> Iterator[Page | Lacking]:
    """Yield the page in a file, or those in a WARC file."""
    with ExitStack() as held:
        raw = stdin() if name == "-" else held.enter_context(Path(name).open("rb"))
        stream = foreign.unpacked(raw)
        if foreign.is_warc(stream):
            for capture, _ in foreign.pages(stream, now):
                if url in (None, capture.url):
                    yield page_of(name, capture)._replace(is_alone=False)
            return
        data = stream.read(MOST + 1)
    if len(data) > MOST:
        yield Lacking(name, f"larger than {MOST // 1_000_000} MB")
        return
    saved = unfold(data)
    is_packed = saved.type == "multipart/related"  # of any other file its bytes say what it is
    yield Page(name, url or saved.url or UNKNOWN, saved.page, saved.page_type if is_packed else None)
