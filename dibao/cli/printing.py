"""How facts, tables, progress and complaints are printed."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from dibao.errors import ConfigError
from dibao.text import count as count
from dibao.text import one_line

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(line: str) -> None:
    """Print a line of facts; square brackets are Rich markup."""
    out.print(line)


def complain(line: str) -> None:
    """Print a line about trouble, where it does not mix with facts."""
    err.print(line)


@contextmanager
def progress(total: int | None = None) -> Iterator[Progress]:
    """Show progress on a terminal, and nothing elsewhere; with a bar where it is known how much there is."""
    bar = (BarColumn(), MofNCompleteColumn()) if total else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), *bar, TimeElapsedColumn())
    live = Progress(
        *columns,
        console=err,
        transient=True,
        disable=not err.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # else facts meant for a file would be shown beside the bar
    )
    with live as shown:
        yield shown


def not_a_folder(path: Path, example: str) -> Path:
    """Return where a file is wanted; ConfigError where a folder stands there."""
    if path.is_dir():
        raise ConfigError(f"{path} is a folder, and a file is written here. Say for example {path / example}")
    return path


def room_wanted() -> None:
    """Say why a command does not begin at once."""
    complain("A watch is running here: waiting until it makes room …")


def plain(text: object) -> str:
    """Return a source's text safe to print: one line, no control sequences, no markup."""
    return escape(one_line(str(text)))


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(text.decode() + "\n")


def print_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows under column names; a column called #… is right-aligned."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = column.startswith("#") and column != "#"
        justify: JustifyMethod = "right" if numeric else "left"
        table.add_column(column.lstrip("#") or "#", justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(plain("" if cell is None else cell) for cell in row))
    out.print(table)


def ago(moment: datetime | None, now: datetime) -> str:
    """Return a time as people say it: "3 h ago", "in 20 min"."""
    if moment is None:
        return "never"
    span = abs(now - moment)
    units = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))
    amount = next((f"{span // unit} {name}" for unit, name in units if span >= unit), None)
    if amount is None:
        return "now"
    return f"{amount} ago" if moment < now else f"in {amount}"


def local(moment: datetime) -> str:
    """Return a time in this machine's zone, to the minute."""
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone().strftime("%Y-%m-%d %H:%M")
