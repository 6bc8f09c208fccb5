"""Walks an archive whose sources stand on hosts of one port, and prints by how many bytes its memory grew."""

import socket
import sys
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

from dibao import sync
from dibao.wiring import opened

STATUS, PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Here(AbstractResolver):
    """Finds every name on one port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=self.port, family=socket.AF_INET, proto=0, flags=4
        )
        return [found]

    async def close(self) -> None:
        """Hold nothing."""


def memory(field: str) -> int:
    """Return a figure of this process's memory, in bytes."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024


def main(folder: str, port: str) -> None:
    """Walk, and say what the peak was above what it began with."""
    with opened(Path(folder), resolver=Here(int(port))) as it:
        PEAK.write_text("5")  # the peak is counted from here
        before = memory("VmRSS")
        for _ in sync.walk(it):
            pass
        print(memory("VmHWM") - before)


if __name__ == "__main__":  # readers are started from here too
    main(*sys.argv[1:])
