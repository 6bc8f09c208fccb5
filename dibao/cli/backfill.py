"""The command that walks into a source's past: backfill."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dibao.archive.folder import require, walking
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.options import PublishOption, SourceArgument, day
from dibao.cli.printing import complain, count, plain, print_json, progress, room_wanted, say
from dibao.errors import ConfigError
from dibao.tally import Tally
from dibao.wiring import opened

if TYPE_CHECKING:
    from dibao.backfilling import Backfill


@app.command()
def backfill(
    source: SourceArgument,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Take nothing older than this day.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Take nothing newer than this day.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many articles.")] = None,
    publish: PublishOption = True,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Fetch a source's older articles, politely; stop it whenever you like, and go on later.

    Walks the older pages that a feed leads to (RFC 5005, JSON Feed, WordPress) or a list page links to;
    where there are none, the sitemaps of its host. It ends where a page is empty or repeats what came, at
    the day you name, or at the limit. Run again, it goes on where it stopped; when nothing was left, it
    begins anew. Other sources are polled meanwhile, and first. A source that is a sitemap is read back to
    `--since` from then on.

    Example:  dibao backfill 3 --since 2020-01-01
    """
    from dibao import backfilling
    from dibao import sync as rounds
    from dibao.backfilling import Backfill

    tally = Tally()
    with walking(require(archive), room_wanted), opened(archive) as it, progress() as shown:
        task = shown.add_task("Looking for older pages")
        wanted = Backfill(it.sources.find(source), since=day(since), until=day(until), limit=limit)
        if wanted.since and wanted.until and wanted.until < wanted.since:
            raise ConfigError(f"No day is both since {wanted.since} and until {wanted.until}.")
        for outcome in backfilling.walk(it, wanted):
            tally.add(outcome)
            shown.update(task, description=f"{count(wanted.pages, 'older page')} · {tally.line()}")
        shown.update(task, description="Publishing")
        written = rounds.publish(it) if publish else {}
    if as_json:
        print_json(facts(wanted) | {"walk": tally.facts(), "written": written})
    else:
        report(wanted, tally)


def facts(wanted: "Backfill") -> dict[str, Any]:
    """Return what a backfill did, by name."""
    return {
        "source": wanted.source.id,
        "pages": wanted.pages,
        "found": wanted.found,
        "gaps_filled": wanted.filled,
        "oldest": wanted.oldest,
        "newest": wanted.newest,
        "ended": wanted.ends,
    }


def report(wanted: "Backfill", tally: Tally) -> None:
    """Print what a backfill brought, how far it reaches, and why it ended."""
    name = plain(wanted.source.name)
    pages = count(wanted.pages, "older page")
    found = count(wanted.found, "article")
    say(f"{name}: {pages} read, {found} found on them. [bold]{tally.line()}[/]")
    if wanted.oldest and wanted.newest:
        say(f"  These pages reach from {reached(wanted.oldest)} to {reached(wanted.newest)}.")
    if wanted.filled:
        say(f"  It reached over {count(wanted.filled, 'gap')}: what was missed then is kept now.")
    for end in dict.fromkeys(wanted.ends):
        say(f"  It ended here: {plain(end)}.")
    for who, why in tally.sources.items():
        complain(f"[yellow]{plain(who)}[/]: {plain(why)}. Run the same command to go on.")
    for why, times in tally.errors.most_common(10):
        complain(f"[yellow]{count(times, 'page')}[/]: {plain(why)}")


def reached(moment: datetime) -> str:
    """Return the day of a moment."""
    return moment.date().isoformat()
