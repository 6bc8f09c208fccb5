"""The journal: what people decided, one JSON object a line, never changed.

A line is written inside the transaction that does what it says, so the journal never knows less than
the database.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from dibao.errors import ArchiveError


def append(folder: Path, at: datetime, action: str, **facts: Any) -> None:
    """Write a decision down for good, in the file of its month."""
    line = json.dumps({"at": at.isoformat(), "action": action, **facts}, ensure_ascii=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{at:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ArchiveError(f"{folder} can't be written: {error.strerror or error}") from error
