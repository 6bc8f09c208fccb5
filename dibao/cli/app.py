"""The application that commands are added to, and the options they share."""

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from dibao.version import VERSION


class Stopped(BaseException):
    """Someone wants us to stop: Ctrl-C, or a service manager."""


# As a newcomer meets them.
ORDER = (
    "init add sources import keep sync backfill publish status show extract rules serve export demo config"
).split()


class InOrder(TyperGroup):
    """A group whose help lists its commands in our order, not in that of the files they stand in."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the names of the commands."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


app = typer.Typer(
    name="dibao",
    cls=InOrder,
    help="""A news archive that people own.

    dibao watches news sources, fetches the whole article behind every feed entry, keeps the original
    bytes and every later version, and publishes it all again as Markdown posts and a static site.

    Start with:  dibao init my-archive;  cd my-archive;  dibao add URL;  dibao sync;  dibao serve

    Exit codes: 0 done · 2 something you can put right · 3 the archive is busy, full or damaged ·
    4 a published folder could not be written · 130 stopped with Ctrl-C.
    """,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

ArchiveOption = Annotated[
    Path,
    typer.Option("--archive", "-A", metavar="DIR", help="The archive folder.", envvar="DIBAO_FOLDER"),
]
HERE = Path()
JsonOption = Annotated[bool, typer.Option("--json", help="Print facts as JSON, for programs.")]


def say_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        print(f"dibao {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
