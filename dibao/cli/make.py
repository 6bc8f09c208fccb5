"""Commands that make an archive and show its settings: init, config."""

import re
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from dibao.archive import folder as archives
from dibao.cli.app import HERE, ArchiveOption, JsonOption, app
from dibao.cli.printing import plain, print_json, print_table, say
from dibao.config import TEMPLATE, load
from dibao.errors import ConfigError
from dibao.wiring import opened


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    title: Annotated[str | None, typer.Option(help="What the published site is called.")] = None,
    language: Annotated[str, typer.Option(help="Of the site's menus: en, zh-Hant or zh-Hans.")] = "en",
) -> None:
    """Make an archive folder.

    Everything dibao keeps is in this one folder: copy it and you have copied the archive.

    Example:  dibao init news
    """
    if language not in ("en", "zh-Hant", "zh-Hans"):
        raise ConfigError(f"The site's menus speak en, zh-Hant or zh-Hans, not {language!r}.")
    name = title or folder.resolve().name
    archives.create(folder, TEMPLATE.format(title=quoted(name), language=quoted(language)))
    with opened(folder):
        pass  # makes the database
    say(f"Made the archive [bold]{plain(folder)}[/]. Next:")
    say(f"  cd {plain(folder)}")
    say("  dibao add https://example.org/feed.xml   (a feed, or a page that has one)")
    say("  dibao sync && dibao serve")


def quoted(text: str) -> str:
    """Return a TOML string."""
    return msgspec.json.encode(text).decode()


@app.command()
def config(archive: ArchiveOption = HERE, as_json: JsonOption = False) -> None:
    """Show every setting and its value here.

    Settings stand in dibao.toml; the environment wins: DIBAO_FETCH__PAUSE=2 sets fetch.pause.
    """
    path = archives.require(archive) / archives.SETTINGS
    values = load(path).model_dump(mode="json")
    hide_secrets(values)
    if as_json:
        print_json(values)
        return
    rows = [
        (f"{table}.{key}", msgspec.json.encode(value).decode(), variable(table, key))
        for table, keys in values.items()
        for key, value in keys.items()
    ]
    print_table(("setting", "value", "environment"), rows)


def hide_secrets(values: dict[str, Any]) -> None:
    """Replace the values of extra request headers, which are often secrets, and the logins of proxies."""
    for headers in values["fetch"]["headers"].values():
        headers.update(dict.fromkeys(headers, "[redacted]"))
    proxies = values["fetch"]["proxy"]
    proxies.update({host: re.sub(r"//.*@", "//[redacted]@", address) for host, address in proxies.items()})


def variable(table: str, key: str) -> str:
    """Return the environment form of a setting."""
    return f"DIBAO_{table}__{key}".upper()
