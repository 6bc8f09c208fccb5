"""The command that keeps one page: keep."""

import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from dibao.archive import foreign
from dibao.archive.folder import require, walking
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.options import PublishOption
from dibao.cli.printing import complain, count, plain, print_json, progress, room_wanted, say
from dibao.errors import ConfigError
from dibao.model import Source, Verdict
from dibao.wiring import Opened, opened

if TYPE_CHECKING:
    from dibao.keeping import Keeper, KeptPage

MOST_SAID = 20  # pages of a WARC file


@app.command()
def keep(
    page: Annotated[
        str,
        typer.Argument(
            metavar="URL|FILE", help="An address, a saved page (HTML, MHTML), a WARC file, or - for stdin."
        ),
    ],
    url: Annotated[
        str | None,
        typer.Option(help="Where a saved page stood; of a WARC file: keep only this page."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="File it under this source (number, address or name), not under Kept pages."),
    ] = None,
    publish: PublishOption = True,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Keep one page now, without subscribing.

    An address is asked once, as are the further pages of its article, by the rules that hold for every
    page, robots.txt too; and again only when you keep it again. Where a site refuses programs, save the
    page in your browser and keep the file: it is marked as saved by a person. The file mostly says where
    it stood; else say it with `--url`. Of a WARC file every page is kept as another crawler had it.

    A page of an article that is known already is its next version, if the text differs.

    Exit code 2: the page could not be had. Bytes in which no article is found are kept all the same.

    Example:  dibao keep https://example.org/2026/a-story

    Example:  dibao keep page.html --url https://example.org/2026/a-story
    """
    from dibao import keeping
    from dibao import sync as rounds

    kept: list[KeptPage] = []
    damage: ConfigError | None = None
    with walking(require(archive), room_wanted), opened(archive) as it, progress() as shown:
        task = shown.add_task("Keeping")
        with chosen(it, page, url, it.sources.find(source) if source else None) as keeper:
            try:
                for each in keeping.keep(it, keeper):
                    kept.append(each)
                    shown.update(task, description=f"{count(len(kept), 'page')} kept")
            except ConfigError as error:  # of a file that is damaged, what comes before is kept
                damage = error
        shown.update(task, description="Publishing")
        if publish and kept:
            rounds.publish(it)
    if as_json and (kept or not damage):
        print_json(kept)
    elif not damage or kept:
        report(kept)
    if damage:
        raise damage
    if kept and not any(each.came for each in kept):
        raise typer.Exit(ConfigError.exit_code)


@contextmanager
def chosen(it: Opened, page: str, url: str | None, source: Source | None) -> "Iterator[Keeper]":
    """Give what keeps the page a person means: asks for it, or takes it from a file."""
    from dibao import keeping

    if page != "-" and "://" in page:
        if url:
            raise ConfigError("--url says where a saved page stood; an address says that by itself.")
        yield keeping.asked(it, page, source)
        return
    if not page or Path(page).is_dir():
        what = f"{page} is a folder" if page else "An empty name is no page"
        raise ConfigError(f"{what}. Name one page, a WARC file, or an address.")
    name = "stdin" if page == "-" else page
    with ExitStack() as held:
        with readable(name):
            raw = open_stdin() if page == "-" else held.enter_context(Path(page).open("rb"))
            stream = foreign.unpacked(raw)
            has_records = foreign.is_warc(stream)
            data = b"" if has_records else stream.read(it.config.fetch.max_bytes + 1)
        if has_records:
            yield keeping.copied(it, name, stream, url, source)
        else:
            yield keeping.saved(it, name, data, url, source)


def open_stdin() -> BufferedReader:
    """Return standard input as bytes that can be looked at before they are taken."""
    return BufferedReader(cast(RawIOBase, sys.stdin.buffer))


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn what goes wrong while a file is read into a ConfigError that says what to do."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise ConfigError(f"{name} can't be read: {said}. (An address begins with https://)") from error


def report(kept: "list[KeptPage]") -> None:
    """Print what came of each page."""
    for each in kept[:MOST_SAID]:
        if each.key and not each.error:
            say(f"{WORDS[each.verdict]} [bold]{plain(each.title or '(untitled)')}[/] {each.key}")
        else:
            complain(f"[yellow]{plain(each.url)}[/]: {plain(advised(each))}")
    if len(kept) > MOST_SAID:
        say(f"… and {len(kept) - MOST_SAID} more pages.")
    if not kept:
        say("Nothing new: every page in it is kept already.")


WORDS = {
    None: "Kept",
    Verdict.NEW: "Kept",
    Verdict.CHANGED: "Kept a new version of",
    Verdict.COMPLETED: "Kept the whole text of",
    Verdict.RESTORED: "It is back:",
    Verdict.SAME: "Unchanged, and kept already:",
    Verdict.GONE: "It is gone:",
}


def advised(page: "KeptPage") -> str:
    """Return why a page is no article, and what can be done about it."""
    if page.came:
        from dibao.workers import KEPT

        where = "Its bytes are kept" if page.captured else "Nothing is kept"
        return f"{(page.error or '').removesuffix(KEPT)}. {where} as evidence."
    if (page.error or "").startswith("blocked"):
        return f"{page.error}."
    return (
        f"{page.error}. If a browser shows it, save it there and keep the file: "
        f"dibao keep page.html --url {page.url}"
    )
