"""An archive on disk: one folder that can be copied."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dibao.errors import ArchiveError, ConfigError

SETTINGS = "dibao.toml"
DATABASE = "archive.db"
LOCK = ".lock"
SECRETS = "secrets.json"


def require(folder: Path) -> Path:
    """Return the folder if it is an archive; ConfigError if it is not."""
    if not (folder / SETTINGS).is_file():
        raise ConfigError(
            f"{folder} is not a dibao archive (it has no {SETTINGS}). "
            f"Make one with `dibao init {folder}`, or name yours with --archive."
        )
    return folder


def create(folder: Path, settings: str) -> None:
    """Make a new archive folder with these settings; ConfigError if something is in the way."""
    if (folder / SETTINGS).exists():
        raise ConfigError(f"{folder} is a dibao archive already.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not empty. Name a new folder, or empty this one first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("secrets.json\n.lock\n*.db-wal\n*.db-shm\n", encoding="utf-8")
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


def require_space(folder: Path, floor: int) -> None:
    """Raise ArchiveError when less than `floor` bytes are free on the archive's disk."""
    free = shutil.disk_usage(folder).free
    if free < floor:
        raise ArchiveError(
            f"Only {free // 2**20} MB are free for {folder} and {floor // 2**20} MB must stay so "
            "(archive.min_free): nothing more is fetched. What is kept is safe; free some and run again."
        )


def secrets(folder: Path) -> dict[str, str]:
    """Return what the placeholders in stored URLs stand for; empty when there are none."""
    path = folder / SECRETS
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
    except (ValueError, OSError) as error:
        raise ConfigError(f"{path} can't be read: {error}") from error


def remember_secrets(folder: Path, new: dict[str, str]) -> None:
    """Keep secrets in the one file that holds them, readable by its owner alone."""
    if not new:
        return
    path, known = folder / SECRETS, secrets(folder)
    fresh = path.with_suffix(".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(known | new, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
