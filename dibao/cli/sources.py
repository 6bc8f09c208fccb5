"""Commands about sources: add, sources, import."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from dibao import subscribe
from dibao.addresses import allowed, hidden, storable
from dibao.archive.folder import is_archive
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.printing import complain, count, plain, print_json, print_table, say
from dibao.errors import ConfigError, FeedError
from dibao.feeds import catalogue
from dibao.feeds.catalogue import Outlet
from dibao.feeds.opml import read_list
from dibao.finding import Answer, choices
from dibao.model import Source, State
from dibao.wiring import opened

FLOOR, CEILING = 15 * 60, 365 * 86400  # seconds between polls
USUAL = 3600  # where a source's own rhythm begins
MOST_OTHERS = 10  # further feeds of a page that are named
sources_app = typer.Typer(help="List, find, change, pause, resume and remove sources.")
app.add_typer(sources_app, name="sources")

UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """Return a span such as "30m", "2h" or "1d" in seconds."""
    found = re.fullmatch(r"\s*(\d+)\s*(s|m|min|h|d)\s*", text)
    if not found:
        raise ConfigError(f"{text!r} is not a span of time. Say for example 30m, 2h, 1d or auto.")
    span = int(found[1]) * UNITS[found[2]]
    if span < FLOOR:
        raise ConfigError(f"{text} is too often for other people's servers: 15m is the least.")
    if span > CEILING:
        raise ConfigError(f"{text} is too seldom: 365d is the most.")
    return span


def pace(text: str | None) -> dict[str, Any]:
    """Return the fields of a source that say how often it is polled: as a person says, or by its rhythm."""
    if text is None or text.strip() == "auto":
        return {"every": USUAL, "steady": False}
    return {"every": seconds(text), "steady": True}


NameOption = Annotated[
    str | None, typer.Option("--name", "-n", help="What to call it; default: its own title.")
]
CategoryOption = Annotated[
    str | None, typer.Option("--category", "-c", help="One category for its articles.")
]
TagOption = Annotated[list[str] | None, typer.Option("--tag", "-t", help="A tag; may be given again.")]
EveryOption = Annotated[
    str | None, typer.Option(metavar="SPAN", help="How often to poll: 30m, 1h, 1d; auto: by its rhythm.")
]
LanguageOption = Annotated[str | None, typer.Option(help="Its language, as zh-Hant; default: as it says.")]
KindOption = Annotated[
    str | None, typer.Option(help="What it is: feed, sitemap or page (a list of headlines).")
]
SelectOption = Annotated[
    str | None,
    typer.Option("--select", metavar="CSS", help="Which links of a page are headlines; default: learnt."),
]
SinceOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Leave out what last changed before; of a sitemap: 30 days ago."),
]
ZoneOption = Annotated[str | None, typer.Option("--timezone", help="Its time zone, as Asia/Taipei.")]
SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Its number, address or name.")]


@app.command()
def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL|NAME", help="A feed, a sitemap, a page that leads to its feed, or a catalogue name."
        ),
    ],
    kind: KindOption = None,
    select: SelectOption = None,
    since: SinceOption = None,
    name: NameOption = None,
    category: CategoryOption = None,
    tag: TagOption = None,
    every: EveryOption = None,
    feed_only: Annotated[
        bool, typer.Option("--feed-only", help="The feed's content is the article: fetch no pages.")
    ] = False,
    guess: Annotated[
        bool, typer.Option("--guess", help="Where a page names no feed, try the places where they often are.")
    ] = False,
    language: LanguageOption = None,
    timezone: ZoneOption = None,
    unchecked: Annotated[bool, typer.Option(help="Subscribe without asking the address first.")] = False,
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Subscribe to a feed, to the feed of a page, to a sitemap, or to an outlet of the catalogue.

    Asks it and shows three headlines before it subscribes. Works beside a running sync.

    A name adds the outlet's main feed, `cna:國際` one of its others; `dibao sources catalogue` lists them.
    The feeds of well-known sites (YouTube, Mastodon, GitHub, Substack, …) are found by their addresses.
    A page without a feed is read as a list of headlines with `--kind page`; `--select` says which links
    these are, where dibao does not find out by itself.

    Example:  dibao add https://example.org/ --category world;  dibao add 中央社
    Example:  dibao add https://example.org/news --select "h2 a"
    """
    wished = {
        "kind": kind_of_source(kind),
        "selector": select or None,
        "since": day(since),
        "name": name,
        "category": category,
        "tags": tuple(tag or ()),
        **pace(every),
        "feed_only": feed_only,
        "language": language,
        "timezone": zone(timezone),
    }
    with opened(archive) as it:
        show = subscribe.unshown if as_json else show_found
        added = subscribe.subscribe(it, url, wished, check=not unchecked, guess=guess, show=show)
    if as_json:
        print_json(added)
        return
    verb = "Added" if added.new else "Already there:"
    say(f"{verb} {added.source.id} [bold]{plain(added.source.name)}[/] {plain(added.source.url)}")
    if not added.new:
        say(f"Nothing was changed; dibao sources edit {added.source.id} changes it.")
    if added.trouble:
        complain(
            f"[yellow]It could not be read now:[/] {plain(added.trouble)}. It is asked again later; "
            f"`dibao sources remove {added.source.id}` if the address is wrong."
        )
    tell_what_it_brings(added)


def show_found(found: Answer) -> None:
    """Print where a feed was found, what it is, and its first headlines."""
    if found.outlet:
        say(f"From the catalogue of {found.outlet.made}; {live(found.outlet)}.")
    if found.kind != "feed":
        say({"sitemap": "It is a sitemap.", "page": "It is read as a list of headlines."}[found.kind])
    for title in found.titles:
        say(f"  • {plain(title)}")


def tell_what_it_brings(added: subscribe.Added) -> None:
    """Print what a source announces, and what of that is left out."""
    source = added.source
    if added.announced:
        does = "publishes them" if source.feed_only else "fetches their pages"
        say(f"{count(added.announced, 'entry', 'entries')} announced. `dibao sync` {does}.")
    if added.left_out:
        say(
            f"{count(added.left_out, 'entry', 'entries')} last changed before {source.since} and left out: "
            f"`dibao sources edit {source.id} --since 2020-01-01` takes more."
        )
    if added.parts:
        parts = count(added.parts, "further sitemap")
        say(f"It names {parts}, read back to {source.since}. `dibao sync` asks them.")
    show_others(added)


def show_others(added: subscribe.Added) -> None:
    """Print which further feeds there are."""
    for other in added.others[:MOST_OTHERS]:
        say(f"This page has another feed: {plain(other)}")
    if len(added.others) > MOST_OTHERS:
        say(f"… and {len(added.others) - MOST_OTHERS} more.")
    if added.outlet and len(added.outlet.feeds) > 1:
        listed = next((feed for feed in added.outlet.feeds if feed.url == added.source.url), None)
        say(f"It has more feeds: dibao add {plain(choices(added.outlet, listed))}")


def kind_of_source(name: str | None) -> str | None:
    """Return what a source is; ConfigError when there is no such thing."""
    if name not in (None, "feed", "sitemap", "page"):
        raise ConfigError(f"{name!r} is no kind of source. Say feed, sitemap or page.")
    return name


def day(text: str | None) -> str | None:
    """Return a day as YYYY-MM-DD; ConfigError when it is none."""
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a day. Say for example 2020-01-01.") from error


def zone(name: str | None) -> str | None:
    """Return an IANA zone name; ConfigError when there is no such zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"{name!r} is no time zone. Say for example Asia/Taipei.") from error


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context, archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """List sources; or find, change, pause, resume or remove one."""
    if context.invoked_subcommand is None:
        show_sources(archive, as_json)


@sources_app.command("list")
def list_sources(archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """List every source."""
    show_sources(archive, as_json)


@sources_app.command("find")
def find_sources(
    words: Annotated[str, typer.Argument(help="Part of a name, address, category or tag.")],
    archive: ArchiveOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Find sources by a part of their name, address, category or tags; then look in the catalogue.

    Outside an archive it looks in the catalogue alone. With --json it tells of the archive's own sources;
    `dibao sources catalogue` tells of the others.
    """
    everything = sources_of(archive) if archive != HERE or is_archive(archive) else []
    known = [source for source in everything if words.casefold() in mentioned(source)]
    if as_json:
        print_json(known)
        return
    if known:
        show_table(known)
    addresses = {source.url for source in everything}
    listed = [each for each in catalogue.find(words) if not each.feeds or news_of(each, addresses)]
    if listed:
        say("In the catalogue, not subscribed:")
        show_outlets(listed)
    if not known and not listed:
        say("No source fits, and no outlet of the catalogue.")


def news_of(outlet: Outlet, addresses: Collection[str]) -> bool:
    """Say whether an outlet has a feed that is not among these addresses."""
    return any(feed.url not in addresses for feed in outlet.feeds)


@sources_app.command("catalogue")
def show_catalogue(
    words: Annotated[
        str, typer.Argument(help="Part of a name or address, or a kind, category or place.")
    ] = "",
    region: Annotated[str | None, typer.Option(help="Only of this place, as TW, HK or US.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the outlets of the catalogue, which `dibao add NAME` knows. Needs no archive.

    It is a start, written down on the day it names. What is in it is asked before it is subscribed.

    Example:  dibao sources catalogue --region HK
    """
    known = catalogue.find(words) if words else catalogue.catalogue()
    found = [outlet for outlet in known if outlet.region == (region or outlet.region).upper()]
    if as_json:
        print_json(found)
        return
    if not found:
        places = ", ".join(sorted({outlet.region for outlet in catalogue.catalogue()}))
        say(f"No outlet of the catalogue fits. It has some in {places}.")
        return
    show_outlets(found)


def show_outlets(outlets: Collection[Outlet]) -> None:
    """Print outlets of the catalogue, and how far it can be trusted."""
    rows = ((o.key, o.name, o.region, o.kind, feeds_of(o)) for o in outlets)
    print_table(("key", "name", "region", "kind", "feeds"), rows)
    tried = sum(outlet.checked is not None for outlet in outlets) or "none"
    feeds = count(sum(len(outlet.feeds) for outlet in outlets), "feed")
    written = max(outlet.made for outlet in outlets)
    say(f"{count(len(outlets), 'outlet')} with {feeds}, written down on {written}; {tried} checked live.")
    first = next((outlet for outlet in outlets if outlet.feeds), None)
    if first:
        say(f"Subscribe to one by its key, which asks it first: dibao add {first.key}")


def feeds_of(outlet: Outlet) -> str:
    """Return an outlet's feeds in a few words."""
    if not outlet.feeds:
        return "none known"
    names = [feed.name or feed.category or "all" for feed in outlet.feeds]
    return ", ".join(names[:4]) + (f" +{len(names) - 4}" if len(names) > 4 else "")


def live(outlet: Outlet) -> str:
    """Return whether anybody saw an outlet's feeds answer."""
    return f"checked on {outlet.checked}" if outlet.checked else "not checked live"


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
        return
    say(f"Added {count(new, 'source')}; {count(known, 'source')} known already.")
    for reason in refused:
        complain(f"[yellow]left out:[/] {plain(reason)}")
    if refused and not added:
        raise ConfigError(f"Nothing in {file} could be subscribed to.")
