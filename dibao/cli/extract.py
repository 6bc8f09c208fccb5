"""The command that finds articles and keeps nothing: extract."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from dibao import urls
from dibao.cli.app import app
from dibao.cli.newfiles import NewFiles
from dibao.cli.printing import complain, count, plain, progress, say
from dibao.clock import SystemClock
from dibao.config import defaults
from dibao.errors import ConfigError
from dibao.extract import uncredited
from dibao.model import Article, Capture, Kind, Source, Visit
from dibao.text import squeeze
from dibao.wiring import asking

if TYPE_CHECKING:
    from dibao.extracting import Found, Lacking, Page
    from dibao.fetch.http import Http
    from dibao.workers import Workers


def as_markdown(article: Article) -> str:
    """Return an article as Markdown, below its title where it has one."""
    from dibao.publish.escape import escape
    from dibao.publish.markdown import markdown

    title = escape(squeeze(article.title or ""))
    return "\n\n".join(filter(None, (title and f"# {title}", markdown(article.html))))


def as_text(article: Article) -> str:
    """Return an article as plain text, below its title where it has one."""
    return "\n\n".join(filter(None, (article.title, article.text)))


FORMATS: dict[str, Callable[[Article], str]] = {
    "json": lambda article: msgspec.json.format(msgspec.json.encode(article), indent=2).decode(),
    "text": as_text,
    "html": lambda article: article.html,
    "markdown": as_markdown,
}
ENDINGS = {"json": "json", "text": "txt", "html": "html", "markdown": "md"}


@app.command()
def extract(
    pages: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|URL",
            help="Saved pages, WARC files or folders of them, gzipped or not; addresses; or - for stdin.",
        ),
    ],
    url: Annotated[
        str | None,
        typer.Option(help="Where a saved page stood, for its links; of a WARC file, only this page."),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="json, text, html or markdown.")] = "json",
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Write a file for each page into this folder."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="With -o, write over files that stand there already.")
    ] = False,
    without_credits: Annotated[
        bool,
        typer.Option(
            "--without-credits", help="Take datelines, bylines and closing credits out of the text."
        ),
    ] = False,
) -> None:
    """Find the articles in pages and print them. Keeps nothing and needs no archive.

    Many pages are read on all cores, and told in their order: a line of JSON for each, with `page`,
    `url`, `error` and `article` (in another format `text`, `html` or `markdown`); with `-o` a file for each.
    A page in which no article is found, or that can't be had, is told and costs no other. A file
    that stands in the folder already is left as it is and told too, unless you say `--force`.

    Exit code 2: there was such a page or file. Each page has 10 seconds and 512 MiB.

    Of an address whose article stands on several pages, the further ones are asked too.

    Example:  dibao extract page.html --url https://example.org/news/1 --format markdown

    Example:  dibao extract saved/*.html crawl.warc.gz > articles.jsonl
    """
    from dibao import extracting

    refuse_nonsense(pages, url, form)
    mend = uncredited if without_credits else as_it_is
    names = extracting.files(pages, but=to)
    alone = names == pages and len(names) == 1 and to is None
    files = NewFiles(to, force=force, spared=map(Path, names)) if to else None
    with readers(1 if alone else 0) as workers, asker() as ask:
        if alone and "://" in names[0]:
            from dibao.cli.further import article_at

            print(FORMATS[form](mend(article_at(names[0], workers))))
            return
        now = SystemClock().now()
        each = extracting.pages(names, url, ask, now)
        first = next(each, None)
        if first is None:
            raise ConfigError(
                "There is no page to read there. Of a folder those files are taken that end in "
                f"{', '.join(extracting.PAGES)}, gzipped or not."
            )
        if alone and getattr(first, "is_alone", True):
            (only,) = extracting.found([first], workers, now)
            print(FORMATS[form](mend(extracting.article_of(only))))
            tell_lost(only)
        else:
            without = tell_all(chain([first], each), workers, names, form, files, mend)
            raise typer.Exit(ConfigError.exit_code if without else 0)


def refuse_nonsense(pages: list[str], url: str | None, form: str) -> None:
    """Raise ConfigError where what a person said can't be meant."""
    if form not in FORMATS:
        raise ConfigError(f"There is no format {form!r}: say json, text, html or markdown.")
    if "" in pages:  # a variable of a shell that is not set; it would be this folder
        raise ConfigError("An empty name is no page. Name a file, a folder, an address, or - for stdin.")
    if url is not None and urls.parse(url) is None:
        raise ConfigError(f"{url!r} is no address. With --url say a whole one, as https://example.org/news/1")
    if url and all("://" in page for page in pages):
        raise ConfigError("--url says where a saved page stood; an address says that by itself.")


@contextmanager
def readers(count: int) -> "Iterator[Workers]":
    """Give what reads pages, each within bounds of time and memory; 0: on all cores."""
    from dibao.workers import Workers

    made = Workers(count)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def asker() -> "Iterator[Callable[[str], Capture]]":
    """Give what fetches an address as the walk would, robots.txt and all."""
    with ExitStack() as held:
        network: list[Http] = []  # begun when it is first asked

        def ask(url: str) -> Capture:
            if not network:
                network.append(held.enter_context(asking(defaults(), SystemClock())))
            visit = Visit(url=url, kind=Kind.ARTICLE, source=Source(name=url, url=url))
            ((_, capture),) = network[0].fetch([visit])
            if capture.failure or capture.status != 200:
                why = capture.failure or f"the server answered {capture.status}"
                raise ConfigError(f"can't be read: {why}")
            return capture

        yield ask


def as_it_is(article: Article) -> Article:
    """Return the article."""
    return article


def tell_all(
    pages: "Iterable[Page | Lacking]",
    workers: "Workers",
    names: list[str],
    form: str,
    to: "NewFiles | None",
    mend: Callable[[Article], Article] = as_it_is,
) -> int:
    """Print or write what is found in pages, and return of how many nothing came."""
    from dibao.extracting import found

    without: list[str] = []
    total = None if any(".warc" in name for name in names) else len(names)
    with progress(total) as shown:
        task = shown.add_task("Reading", total=total)

        def told() -> "Iterator[Found]":
            for each in found(pages, workers, SystemClock().now()):
                shown.advance(task)
                if each.article is None:
                    without.append(each.page)
                    place = "" if each.url in (None, each.page) else f" {plain(each.url)}"
                    complain(f"[yellow]{named(each.page)}{place}[/]: {plain(each.error)}")
                tell_lost(each)
                yield replace(each, article=mend(each.article)) if each.article else each

        if to is None:
            print_lines(told(), form)
        else:
            without += write_files(told(), form, to)
            say(f"{count(to.made, 'file')} written to {plain(to.folder)}.")
    return len(without)


def tell_lost(found: "Found") -> None:
    """Say that pictures of a page are left out for want of its address, and what to do."""
    if found.lost:
        stated = found.article.canonical_url if found.article else None
        says = f" (it says itself: {stated})" if stated else ""
        lost = count(found.lost, "picture")
        complain(
            f"[yellow]{named(found.page)}[/]: {lost} without a full address left out. "
            f"Say where such a page stood, with --url https://…{plain(says)}"
        )


def named(page: str) -> str:
    """Return what a person calls a page, safe to print."""
    return "stdin" if page == "-" else plain(page)


def write_files(told: "Iterable[Found]", form: str, to: "NewFiles") -> list[str]:
    """Write a file for each article, named as its page; return the pages for which there could be none."""
    without: list[str] = []
    for each in told:
        if each.article is None:
            continue
        why = to.write(stem_of(each), f".{ENDINGS[form]}", f"{FORMATS[form](each.article)}\n".encode())
        if why:
            without.append(each.page)
            complain(f"[yellow]{plain(each.page)}[/]: {plain(why)}")
    return without


def print_lines(told: "Iterable[Found]", form: str) -> None:
    """Print a line of JSON for each page."""
    for each in told:
        line = {"page": each.page, "url": each.url, "error": each.error}
        said = each.article if form == "json" or each.article is None else FORMATS[form](each.article)
        name = "article" if form == "json" else form
        sys.stdout.write(msgspec.json.encode({**line, name: said}).decode() + "\n")


def stem_of(found: "Found") -> str:
    """Return the name of an article's file, without its ending."""
    from dibao.extracting import PAGES, ending

    path = Path(found.page)
    in_warc = ".warc" in ending(path) or (found.page == "-" and found.url)
    if "://" in found.page or in_warc:
        name = (found.url or found.page).partition("://")[2]
    else:
        name = path.name.removesuffix(".gz")
        name = Path(name).stem if Path(name).suffix.lower() in PAGES else name
    return re.sub(r"[^\w.]+", "-", name).strip("-.") or "page"
