"""Commands about sources: list, edit, pause, resume, remove."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.options import (
    CategoryOption,
    EveryOption,
    KindOption,
    LanguageOption,
    NameOption,
    SelectOption,
    SinceOption,
    SourceArgument,
    TagOption,
    ZoneOption,
    day,
    kind_of_source,
    pace,
    zone,
)
from dibao.cli.printing import plain, print_json, print_table, say
from dibao.errors import ConfigError
from dibao.model import Source, State
from dibao.wiring import opened

sources_app = typer.Typer(help="List, find, change, pause, resume and remove sources.")
app.add_typer(sources_app, name="sources")


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context, archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """List sources; or find, change, pause, resume or remove one."""
    if context.invoked_subcommand is None:
        show_sources(archive, as_json)


@sources_app.command("list")
def list_sources(archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """List every source."""
    show_sources(archive, as_json)


def show_sources(archive: Path, as_json: bool) -> None:
    """Print every source."""
    found = sources_of(archive)
    if as_json:
        print_json(found)
    elif found:
        show_table(found)
    else:
        say("No sources yet: dibao add https://example.org/feed.xml, or a name: dibao sources catalogue")


def sources_of(archive: Path) -> list[Source]:
    """Return the sources that are subscribed."""
    with opened(archive) as it:
        return it.sources.all()


def show_table(found: Iterable[Source]) -> None:
    """Print sources."""
    rows = (
        (s.id, s.name, s.kind, s.state, s.category, span(s.every) if s.steady else "auto", s.url)
        for s in found
    )
    print_table(("#", "name", "kind", "state", "category", "every", "address"), rows)


def mentioned(source: Source) -> str:
    """Return all that a source can be found by."""
    return " ".join(filter(None, (source.name, source.url, source.category, *source.tags))).casefold()


def span(seconds: int) -> str:
    """Return a span as people write it."""
    unit, name = next((u, n) for u, n in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if seconds % u == 0)
    return f"{seconds // unit}{name}"


@sources_app.command()
def edit(
    source: SourceArgument,
    url: Annotated[str | None, typer.Option(help="Its new address.")] = None,
    kind: KindOption = None,
    select: SelectOption = None,
    since: SinceOption = None,
    name: NameOption = None,
    category: CategoryOption = None,
    tag: TagOption = None,
    every: EveryOption = None,
    feed_only: Annotated[
        bool | None, typer.Option("--feed-only/--pages", help="Fetch no pages, or do.")
    ] = None,
    language: LanguageOption = None,
    timezone: ZoneOption = None,
    archive: ArchiveOption = HERE,
) -> None:
    """Change a source. Works beside a running sync.

    `--select ""` lets the headlines of a page be learnt again.

    Example:  dibao sources edit 3 --every 30m --category economy
    """
    from dibao import subscribe
    from dibao.addresses import storable

    wished: dict[str, Any] = {
        "kind": kind_of_source(kind),
        "since": day(since),
        "name": name,
        "category": category,
        "tags": tuple(tag) if tag else None,
        **(pace(every) if every else {}),
        "feed_only": feed_only,
        "language": language,
        "timezone": zone(timezone),
    }
    changes = {field: value for field, value in wished.items() if value is not None}
    if select is not None:
        changes["selector"] = select or None
    with opened(archive) as it:
        if url:
            changes["url"] = storable(it, url)
        if not changes:
            raise ConfigError("Nothing to change. Say for example --name, --every or --url.")
        found = it.sources.find(source)
        if url and found.state is State.STOPPED:  # it had stopped at its old address
            changes |= {"state": State.ACTIVE, "note": None}
        changed = subscribe.change(it, found, changes)
    say(f"Changed {changed.id} [bold]{plain(changed.name)}[/].")


def set_state(archive: Path, source: str, state: State, said: str) -> None:
    """Change whether a source is asked, and say so."""
    with opened(archive) as it:
        found = it.sources.find(source)
        it.sources.change(found, it.clock.now(), state=state, note=None)
    say(f"{said} {found.id} [bold]{plain(found.name)}[/].")


@sources_app.command()
def pause(source: SourceArgument, archive: ArchiveOption = HERE) -> None:
    """Stop asking a source for now."""
    set_state(archive, source, State.PAUSED, "Paused")


@sources_app.command()
def resume(source: SourceArgument, archive: ArchiveOption = HERE) -> None:
    """Ask a source again that was paused or had stopped."""
    set_state(archive, source, State.ACTIVE, "Resumed")
    with opened(archive) as it:
        it.sources.hasten(it.sources.find(source).id, it.clock.now())


@sources_app.command()
def remove(source: SourceArgument, archive: ArchiveOption = HERE) -> None:
    """Unsubscribe from a source. Its articles stay."""
    set_state(archive, source, State.REMOVED, "Removed (its articles stay)")
