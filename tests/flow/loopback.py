"""What flow tests share: names that lead to this machine, and archives opened for a test."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from dibao import engine
from dibao.archive.database import Database
from dibao.archive.folder import create
from dibao.clock import SteppingClock
from dibao.model import Outcome, Revision
from dibao.wiring import Opened, fetching
from dibao.workers import Workers


class Names(AbstractResolver):
    """Resolves some names to ports of this machine, and refuses all others."""

    def __init__(self, **ports: int) -> None:
        self.ports = {name.replace("_", "."): port for name, port in ports.items()}

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        if host not in self.ports:
            raise OSError(f"no such host: {host}")
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=self.ports[host], family=socket.AF_INET, proto=0, flags=4
        )
        return [found]

    async def close(self) -> None:
        """Hold nothing."""


def make_archive(folder: Path, *ports: int, more: str = "") -> Path:
    """Make an archive that may ask these ports of this machine, without pauses."""
    allowed = json.dumps([f"127.0.0.1:{port}" for port in ports])
    create(folder, f"[fetch]\npause = 0\ntimeout = 5\nallow_private = {allowed}\n{more}")
    return folder


def walk(it: Opened, workers: Workers) -> list[Outcome]:
    """Walk an archive with workers that several walks share."""
    agenda = engine.Agenda(it.archive, it.clock)
    with fetching(it, keep=it.archive.keep) as fetcher:
        return list(engine.run(it.archive, fetcher, workers, it.clock, agenda))


def pass_time(it: Opened, hours: float) -> None:
    """Let hours pass on a stepping clock, and the minutes that keep polls from the full hour."""
    assert isinstance(it.clock, SteppingClock)
    it.clock.sleep(hours * 3600 + 180)


def titles(it: Opened) -> list[str]:
    """Return the title of every article that is kept, in order."""
    return sorted(line.title for line in it.library.headlines())


def histories(it: Opened) -> list[list[Revision]]:
    """Return every article's revisions, the first to the latest."""
    return [list(kept.revisions) for kept in it.library.kept(it.library.keys())]


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def one(database: Database, query: str) -> Any:
    """Return the one value that a query finds."""
    ((value,),) = database.rows(query)
    return value


@contextmanager
def hostile_server(tools: Path) -> Iterator[dict[str, Any]]:
    """Run the misbehaving server and return what it says of itself."""
    command = [sys.executable, str(tools / "hostile_server.py"), "--split", "all", "--max-seconds", "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()
