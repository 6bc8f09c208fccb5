"""The SQLite database of an archive: opening, migrating, and running the named statements."""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from dibao.errors import ArchiveError

NOTHING: Mapping[str, Any] = {}
OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)  # mistakes of dibao, not of a file
Given = TypeVar("Given")


@cache
def statements(room: str) -> dict[str, str]:
    """Return the statements of ``queries/ROOM.sql`` by the name in the comment above each."""
    text = (files(__package__) / "queries" / f"{room}.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)$", text, flags=re.M)[1:]
    return {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


@cache
def migrations() -> tuple[str, ...]:
    """Return the schema scripts, the first to the latest; script n leads to schema n."""
    folder = files(__package__) / "schema"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((folder / name).read_text(encoding="utf-8") for name in names)


class Database:
    """Runs named statements on one SQLite file, one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with explained(path):
            # Autocommit: transactions are ours to begin. Threads take turns through the lock.
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=20
            )
            self._connection.row_factory = sqlite3.Row
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(migrations()):
            raise ArchiveError(
                f"{self.path} was written by a newer dibao (schema {version}, this one knows "
                f"{len(migrations())}). Upgrade dibao; the archive is left as it is."
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        if version < len(migrations()):
            self._migrate()

    def _migrate(self) -> None:
        with self.transaction():
            # Read again inside: another process may have been quicker.
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            for script in migrations()[version:]:
                for statement in split(script):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {len(migrations())}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that runs inside one change: kept whole, or not at all."""
        with self._lock, explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def run(self, statement: str, values: Mapping[str, Any] = NOTHING) -> int:
        """Run a statement and return the id of the row it added, if it added one."""
        return self._ask(attrgetter("lastrowid"), statement, values) or 0

    def rows(self, statement: str, values: Mapping[str, Any] = NOTHING) -> list[sqlite3.Row]:
        """Return every row a query finds."""
        return self._ask(sqlite3.Cursor.fetchall, statement, values)

    def row(self, statement: str, values: Mapping[str, Any] = NOTHING) -> sqlite3.Row | None:
        """Return the first row a query finds, or None."""
        row: sqlite3.Row | None = self._ask(sqlite3.Cursor.fetchone, statement, values)
        return row

    def _ask(
        self, take: Callable[[sqlite3.Cursor], Given], statement: str, values: Mapping[str, Any]
    ) -> Given:
        with self._lock:
            try:
                return take(self._connection.execute(statement, values))
            except OURS:
                raise
            except sqlite3.DatabaseError as error:  # as `explained` does, which takes as long as a statement
                raise ArchiveError(advice(self.path, str(error))) from error

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it."""
        with self._lock:
            self._connection.close()


def split(script: str) -> Iterator[str]:
    """Yield the statements of a script, so that all can run in one transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a file into an ArchiveError that says what to do."""
    try:
        yield
    except OURS:
        raise
    except sqlite3.DatabaseError as error:
        raise ArchiveError(advice(path, str(error))) from error


_ADVICE = {
    "full": "No space is left for {path}. Free some and run again; nothing kept so far is lost.",
    "readonly": "{path} can't be written. Check who owns its folder, and that the disk is writable.",
    "read-only": "{path} can't be written. Check who owns its folder, and that the disk is writable.",
    "unable to open": "{path} can't be opened. Check that its folder exists and may be written.",
    "locked": "{path} is busy with another program for too long. Try again when it is done.",
    "disk i/o": "The disk failed or is full while using {path}. Free space or check it, then run again.",
    "malformed": "{path} is damaged. Keep a copy; the WARC files still hold every page.",
    "not a database": "{path} is not a dibao database. Is this the right folder?",
}


def advice(path: Path, said: str) -> str:
    """Return what is wrong with a database file and what to do about it."""
    known = (words.format(path=path) for sign, words in _ADVICE.items() if sign in said.lower())
    return next(known, f"{path}: {said}")
