"""The command that brings in a list of sources: import."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dibao import subscribe
from dibao.addresses import allowed, hidden
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.options import CEILING, FLOOR, USUAL
from dibao.cli.printing import complain, count, plain, print_json, say
from dibao.errors import ConfigError, FeedError
from dibao.feeds.opml import read_list
from dibao.model import Source
from dibao.wiring import opened


def paced(source: Source) -> Source:
    """Return a source of a list with a pace that we keep; one it says is a person's word."""
    every = min(max(source.every, FLOOR), CEILING)
    return replace(source, every=every, steady=source.steady or every != USUAL)


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="OPML, or subs.json: [{site, url}, …].")],
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Subscribe to every feed of an OPML or subs.json file.

    Asks nothing of the network; `dibao sync` does. What is there already stays as it is.

    Exit code 2: nothing in it could be subscribed to.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file} can't be read: {error.strerror or error}") from error
    try:
        found, refused = read_list(body, url=str(file))
    except FeedError as error:
        raise ConfigError(f"{file} is no list of sources (OPML or subs.json): {error.why}.") from error
    with opened(archive) as it:
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
