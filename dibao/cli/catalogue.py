"""Commands that find sources, subscribed or in the catalogue of outlets."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from dibao.archive.folder import is_archive
from dibao.cli.app import HERE, ArchiveOption, JsonOption
from dibao.cli.printing import count, print_json, print_table, say
from dibao.cli.sources import mentioned, show_table, sources_app, sources_of

if TYPE_CHECKING:
    from dibao.feeds.catalogue import Outlet


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
    from dibao.feeds import catalogue

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


def news_of(outlet: "Outlet", addresses: Collection[str]) -> bool:
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
    from dibao.feeds import catalogue

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


def show_outlets(outlets: "Collection[Outlet]") -> None:
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


def feeds_of(outlet: "Outlet") -> str:
    """Return an outlet's feeds in a few words."""
    if not outlet.feeds:
        return "none known"
    names = [feed.name or feed.category or "all" for feed in outlet.feeds]
    return ", ".join(names[:4]) + (f" +{len(names) - 4}" if len(names) > 4 else "")


def live(outlet: "Outlet") -> str:
    """Return whether anybody saw an outlet's feeds answer."""
    return f"checked on {outlet.checked}" if outlet.checked else "not checked live"
