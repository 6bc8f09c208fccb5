"""The secrets of an archive: what the placeholders in its stored addresses stand for.

They stand in ``secrets.json``, readable by its owner alone; nothing else that dibao writes holds one.
"""

import json
import os
from pathlib import Path

from filelock import FileLock

from dibao.errors import ArchiveError, ConfigError

FILE = "secrets.json"


def read(folder: Path) -> dict[str, str]:
    """Return what each placeholder stands for; empty when there are none."""
    path = folder / FILE
    try:
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (ValueError, OSError) as error:
        raise ConfigError(f"{path} can't be read: {error}") from error
    if not isinstance(known, dict) or not all(isinstance(secret, str) for secret in known.values()):
        raise ConfigError(f"{path} must hold one JSON object of placeholders and what they stand for.")
    return known


def remember(folder: Path, new: dict[str, str]) -> None:
    """Keep secrets beside those that are there; several processes may do so at once."""
    if not new:
        return
    path = folder / FILE
    fresh = path.with_suffix(".new")
    try:
        with FileLock(folder / ".secrets.lock", timeout=10):
            whole = read(folder) | new
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(whole, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
    except OSError as error:
        raise ArchiveError(f"{path} can't be written: {error.strerror or error}") from error
