"""Files of rules: those of the archive's own folder ``rules/``, and of a folder that its owner names."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from dibao.archive import journal
from dibao.errors import ArchiveError

FOLDER = "rules"
PROPOSED = "proposed"  # below it: what was learnt and nobody has accepted


class Places(NamedTuple):
    """Where the rules stand that count beside those which come with dibao."""

    archive: str | None = None  # the archive's folder
    site_config: str | None = None  # a folder of Full-Text RSS' files


class RuleFiles:
    """The files of one folder, as a shelf of rules; a folder that is not there holds none."""

    def __init__(self, folder: Path, called: str) -> None:
        self.folder, self.called = folder, called

    def stamp(self, name: str) -> object | None:
        """Return what changes when a file does; None where there is no such file."""
        try:
            told = (self.folder / name).stat()
        except (OSError, ValueError):  # ValueError: no name that a file can have
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino

    def text(self, name: str) -> str:
        """Return what a file holds; OSError or ValueError where it can't be read."""
        return (self.folder / name).read_text(encoding="utf-8")

    def place(self, name: str) -> str:
        """Return how people know a file."""
        return f"{self.called}/{name}"

    def names(self, suffix: str) -> list[str]:
        """Return the names of the files that end so, in order."""
        return sorted(path.name for path in self.folder.glob(f"*{suffix}") if path.is_file())


def write(path: Path, text: str) -> None:
    """Write a file of rules whole; ArchiveError where that can't be done."""
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise ArchiveError(f"{path} can't be written: {error.strerror or error}") from error


def accept(root: Path, host: str, text: str, now: datetime, **facts: Any) -> Path:
    """Put what was proposed for a host in force, journalled before it is done; return its file.

    The rules that the file holds already stay before it.
    """
    path, proposal = root / FOLDER / f"{host}.toml", root / FOLDER / PROPOSED / f"{host}.toml"
    before = path.read_text(encoding="utf-8").rstrip() + "\n\n" if path.exists() else ""
    journal.append(root / "journal", now, "rule accepted", host=host, rule=text, **facts)
    write(path, before + text)
    proposal.unlink(missing_ok=True)
    return path
