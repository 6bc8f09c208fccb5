"""The journal: what people decided, one JSON object a line, never changed.

A line is written inside the transaction that does what it says, so the journal never knows less than
the database.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from dibao.errors import ArchiveError


def append(folder: Path, at: datetime, action: str, **facts: Any) -> None:
    """Write a decision down for good, in the file of its month."""
    append_all(folder, at, action, [facts])


def append_all(folder: Path, at: datetime, action: str, decisions: Iterable[dict[str, Any]]) -> None:
    """Write several decisions of one kind down for good, a line each; the disk is waited for once."""
    told = ({"at": at.isoformat(), "action": action, **facts} for facts in decisions)
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in told)
    if not lines:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{at:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ArchiveError(f"{folder} can't be written: {error.strerror or error}") from error
