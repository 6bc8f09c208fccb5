"""The command that subscribes: add."""

from typing import TYPE_CHECKING, Annotated

import typer

from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.catalogue import live
from dibao.cli.options import (
    CategoryOption,
    EveryOption,
    KindOption,
    LanguageOption,
    NameOption,
    SelectOption,
    SinceOption,
    TagOption,
    ZoneOption,
    day,
    kind_of_source,
    pace,
    zone,
)
from dibao.cli.printing import complain, count, plain, print_json, say
from dibao.wiring import opened

if TYPE_CHECKING:
    from dibao.finding import Answer
    from dibao.subscribe import Added

MOST_OTHERS = 10  # further feeds of a page that are named


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
    from dibao import subscribe

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


def show_found(found: "Answer") -> None:
    """Print where a feed was found, what it is, and its first headlines."""
    if found.outlet:
        say(f"From the catalogue of {found.outlet.made}; {live(found.outlet)}.")
    if found.kind != "feed":
        say({"sitemap": "It is a sitemap.", "page": "It is read as a list of headlines."}[found.kind])
    for title in found.titles:
        say(f"  • {plain(title)}")


def tell_what_it_brings(added: "Added") -> None:
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
    if added.notes:
        say(f"[dim]Mended to read it: {plain('; '.join(added.notes))}.[/]")
    show_others(added)


def show_others(added: "Added") -> None:
    """Print which further feeds there are."""
    from dibao.finding import choices

    for other in added.others[:MOST_OTHERS]:
        say(f"This page has another feed: {plain(other)}")
    if len(added.others) > MOST_OTHERS:
        say(f"… and {len(added.others) - MOST_OTHERS} more.")
    if added.outlet and len(added.outlet.feeds) > 1:
        listed = next((feed for feed in added.outlet.feeds if feed.url == added.source.url), None)
        say(f"It has more feeds: dibao add {plain(choices(added.outlet, listed))}")
