"""What a person may say of a source, and how it is read."""

import re
from datetime import date
from typing import Annotated, Any

import typer

from dibao.errors import ConfigError

FLOOR, CEILING = 15 * 60, 365 * 86400  # seconds between polls
USUAL = 3600  # where a source's own rhythm begins
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
PublishOption = Annotated[
    bool, typer.Option("--publish/--no-publish", help="Bring posts and site up to date.")
]
SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Its number, address or name.")]


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
