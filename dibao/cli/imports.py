"""The command that brings in a list of sources: import."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dibao import urls
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.options import CEILING, FLOOR, USUAL
from dibao.cli.printing import complain, count, plain, print_json, say
from dibao.errors import ConfigError, FeedError
from dibao.model import Source
from dibao.wiring import Opened, fetching, opened


def paced(source: Source) -> Source:
    """Return a source of a list with a pace that we keep; one it says is a person's word."""
    every = min(max(source.every, FLOOR), CEILING)
    return replace(source, every=every, steady=source.steady or every != USUAL)


@app.command("import")
def import_list(
    file: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="OPML, or subs.json: [{site, url}, …].")],
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Subscribe to every feed of an OPML or subs.json file, of one at an address, or of one on stdin.

    Asks none of the feeds; `dibao sync` does. What is there already stays as it is.

    Exit code 2: nothing in it could be subscribed to.
    """
    from dibao import subscribe
    from dibao.addresses import allowed, hidden
    from dibao.feeds.opml import read_list

    with opened(archive) as it:
        try:
            found, refused = read_list(list_at(it, file), url=file)
        except FeedError as error:
            raise ConfigError(f"{file} is no list of sources (OPML or subs.json): {error.why}.") from error
        polite = map(paced, found)
        taken, barred = allowed(it, polite)
        now = it.clock.now()
        wanted = [subscribe.begun(each, now) for each in hidden(it, taken)]
        added = it.sources.add_all(wanted, now)
    new = sum(is_new for _, is_new in added)
    known, refused = len(added) - new, (*refused, *barred)
    if as_json:
        print_json({"added": new, "known": known, "refused": refused})
    else:
        say(f"Added {count(new, 'source')}; {count(known, 'source')} known already.")
        for reason in refused:
            complain(f"[yellow]left out:[/] {plain(reason)}")
    if refused and not added:
        raise ConfigError(f"Nothing in {file} could be subscribed to.")


def list_at(it: Opened, place: str) -> bytes:
    """Return the bytes of a list in a file, at an address or on stdin; ConfigError if they can't be had."""
    if place == "-":
        return sys.stdin.buffer.read()
    if urls.parse(place):
        from dibao.finding import answer, trouble

        with fetching(it) as network:
            came = answer(network, place)
        if why := trouble(came):
            raise ConfigError(f"{place} can't be had: {why}.")
        return came.body
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise ConfigError(f"{place} can't be read: {error.strerror or error}") from error
