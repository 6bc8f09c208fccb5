"""An archive on disk: one folder that can be copied."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dibao.errors import ArchiveError, ConfigError

SETTINGS = "dibao.toml"
DATABASE = "archive.db"
LOCK = ".lock"


def is_archive(folder: Path) -> bool:
    """Say whether a folder is an archive, or was one."""
    return (folder / SETTINGS).is_file() or (folder / DATABASE).exists()


def require(folder: Path) -> Path:
    """Return the folder if it is an archive; ConfigError if it is not."""
    if (folder / DATABASE).exists() and not (folder / SETTINGS).exists():
        raise ConfigError(
            f"{folder} has lost its {SETTINGS}. Put it back, or make an empty file of that name: "
            "every setting has a default."
        )
    if not (folder / SETTINGS).is_file():
        raise ConfigError(
            f"{folder} is not a dibao archive (it has no {SETTINGS}). "
            f"Make one with `dibao init {folder}`, or name yours with --archive."
        )
    return folder


def create(folder: Path, settings: str) -> None:
    """Make a new archive folder with these settings; ConfigError if something is in the way."""
    if (folder / SETTINGS).exists() or (folder / DATABASE).exists():
        raise ConfigError(f"{folder} is a dibao archive already.")
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file. Name a folder.")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty. Name a new folder, or empty this one first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text(
            "secrets.json\n.lock\n.secrets.lock\n*.db-wal\n*.db-shm\n", encoding="utf-8"
        )
        (folder / SETTINGS).write_text(settings, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} can't be made: {error.strerror or error}") from error


@contextmanager
def walking(folder: Path) -> Iterator[None]:
    """Hold the right to walk and publish an archive; ArchiveError when another process has it.

    The kernel frees the lock when its process ends, however it ends.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveError(
            f"{folder} is busy: another dibao is syncing or publishing it. Try again later."
        ) from error
    except OSError as error:
        raise ArchiveError(f"{folder} can't be written: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()


def require_database(folder: Path) -> None:
    """Raise ArchiveError when evidence is kept but the database that knows of it is gone."""
    database = folder / DATABASE
    lost = not database.exists() or database.stat().st_size == 0
    if lost and next((folder / "warc").rglob("*.warc.gz"), None):
        raise ArchiveError(
            f"{database} is missing or empty, though {folder / 'warc'} holds evidence. Nothing is done, so "
            "that nothing published is taken away: put the database back from a copy of the folder."
        )


def require_space(folder: Path, floor: int) -> None:
    """Raise ArchiveError when less than `floor` bytes are free on the archive's disk."""
    free = shutil.disk_usage(folder).free
    if free < floor:
        raise ArchiveError(
            f"Only {free // 2**20} MB are free for {folder} and {floor // 2**20} MB must stay so "
            "(archive.min_free): nothing more is fetched. What is kept is safe; free some and run again."
        )
