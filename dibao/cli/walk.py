"""Commands that do the work: sync, publish, demo."""

from pathlib import Path
from typing import Annotated

import typer

from dibao import health, urls
from dibao.archive.folder import is_watched, require, walking
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.options import PublishOption
from dibao.cli.printing import complain, count, local, plain, print_json, progress, room_wanted, say
from dibao.cli.read import show_site
from dibao.cli.rules import tell_bad_rules
from dibao.errors import ConfigError
from dibao.model import Level, State
from dibao.tally import Tally
from dibao.wiring import PATIENCE, Opened, opened


@app.command()
def sync(
    source: Annotated[
        str | None, typer.Option(help="Ask only this source, and now: its number, address or name.")
    ] = None,
    publish: PublishOption = True,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait for visits due within 5 minutes.")
    ] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and ask each source as it falls due, until stopped.")
    ] = False,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Poll what is due, fetch the articles, keep them, publish them.

    Run it as often as you like, by hand or from cron (`7 * * * *  dibao sync --archive DIR`): each source
    is asked no more often than its own interval. Ctrl-C stops it cleanly and loses nothing.

    With --watch it stays and asks each source at its time; articles are on the site within a minute. Other
    commands may be used meanwhile: add, keep, backfill, publish, … it makes room for them. A sync beside it
    leaves the asking to it and ends at once; with --source it makes that source due first.
    """
    from dibao import sync as rounds
    from dibao.cli.watch import keep_watch

    if watch:
        with opened(require(archive)) as it:
            only = due_now(it, source) if source else None
            tell_bad_rules(it)
        keep_watch(archive, only, publish, as_json)
        return
    if is_watched(require(archive)):
        leave_to_watch(archive, source, as_json)
        return
    tally = Tally()
    with walking(require(archive), room_wanted), opened(archive) as it:
        only = due_now(it, source) if source else None
        tell_bad_rules(it)
        with progress() as shown:
            task = shown.add_task("Looking for what is due")

            def waiting(seconds: int) -> None:
                shown.update(task, description=f"{tally.line()} · waiting {seconds} s for the next visit")

            patience = PATIENCE if wait and not source else PATIENCE * 0
            for outcome in rounds.walk(it, only=only, patience=patience, waiting=waiting):
                tally.add(outcome)
                shown.update(task, description=f"{count(tally.answers, 'answer')} · {tally.line()}")
            shown.update(task, description="Publishing")
            written = rounds.publish(it) if publish else {}
        levels = {} if source or as_json else health.levels(it)
    if as_json:
        print_json(tally.facts() | {"written": written})
        return
    report(tally, written)
    tell_troubles(levels.get(Level.BAD, 0), levels.get(Level.WATCH, 0))


def leave_to_watch(archive: Path, source: str | None, as_json: bool) -> None:
    """Let the watch that is running do what a sync would do, and say so: cron need not mail about it."""
    said = "A watch is running here; it asks everything in its time."
    if source:
        with opened(archive) as it:
            id = due_now(it, source)
            found = it.library.polls()[id]
            until = it.archive.held(urls.host(found.url), it.clock.now())
            name = plain(found.source.name)
        said = f"A watch is running here; it asks {name} now."
        if until:
            said = f"A watch is running here; it asks {name} after {local(until)}, as its host wishes."
    if as_json:
        print_json(Tally().facts() | {"written": {}, "watched": True})
    else:
        say(said)


def tell_troubles(bad: int, watch: int) -> None:
    """Print how many sources are in trouble, if any is."""
    if bad or watch:
        complain(f"{count(bad + watch, 'source')} in trouble ({bad} bad): `dibao status` says what to do.")


def due_now(it: Opened, wanted: str) -> int:
    """Make a source due now and return its number."""
    source = it.sources.find(wanted)
    if source.state is not State.ACTIVE:
        raise ConfigError(
            f"{source.name} is {source.state}: dibao sources resume {source.id} goes on with it."
        )
    it.sources.hasten(source.id, it.clock.now())
    return source.id


def report(tally: Tally, written: dict[str, int]) -> None:
    """Print what a round did."""
    pictures = tally.pictures + tally.picture_errors
    pages = tally.answers - tally.polls - pictures
    asked = (count(tally.polls, "poll"), count(pages, "page"), count(pictures, "picture"))
    say(f"{', '.join(asked)}: [bold]{tally.line()}[/]")
    for name, files in written.items():
        if files:
            say(f"  {name}: {count(files, 'file')} changed")
    if tally.offline:
        complain(
            "[yellow]This machine seems to be offline:[/] "
            f"{count(tally.offline, 'address', 'addresses')} could not be asked. That is no failure of "
            "theirs; they are asked again from a quarter of an hour on."
        )
    for name, why in tally.sources.items():
        complain(f"[yellow]{plain(name)}[/]: {plain(why)}")
    for why, times in tally.errors.most_common(10):
        complain(f"[yellow]{count(times, 'page')}[/]: {plain(why)}")
    if tally.picture_errors:
        complain(f"[yellow]{count(tally.picture_errors, 'picture')}[/] could not be had.")
    if tally.partial:
        complain(f"{count(tally.partial, 'article')} kept only as an excerpt: `dibao status` says why.")


@app.command()
def publish(
    full: Annotated[bool, typer.Option("--full", help="Make every page again.")] = False,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Bring posts/ and site/ up to date with the archive."""
    from dibao import sync as rounds

    with walking(require(archive), room_wanted), opened(archive) as it, progress() as shown:
        shown.add_task("Publishing")
        written = rounds.publish(it, full=full)
    if as_json:
        print_json(written)
        return
    for name, files in written.items():
        say(f"{name}: {count(files, 'file')} changed" if files else f"{name}: up to date")


@app.command()
def demo(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="[DIR]", help="Where to put the demo's archive; an old demo there is replaced."
        ),
    ] = Path("dibao-demo"),
    port: Annotated[int, typer.Option(help="Where to show the site; 0 takes a free port.")] = 8080,
    once: Annotated[
        bool, typer.Option("--once", help="End after the rounds instead of showing the site.")
    ] = False,
) -> None:
    """Run the whole chain on the built-in sample newsroom, offline.

    Three small outlets are served on this machine and archived in three rounds, hours apart on the
    demo's own clock. Watch articles arrive, change and vanish.
    """
    from dibao import demo as demonstration
    from dibao.web import listening

    listener = None if once else listening("127.0.0.1", port)
    for line in demonstration.run(folder):
        say(line)
    if listener:
        show_site(folder / "site", listener)
