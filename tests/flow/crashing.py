"""A sync in a process of its own, which a test kills: at a moment, or (itself) at a named point.

Usage: python crashing.py FOLDER PORT NOW [POINT COUNT]
Prints a line for every revision once it is acknowledged, and "done" at the end.
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from dibao import sync
from dibao.archive.folder import walking
from dibao.clock import SteppingClock
from dibao.newsroom import NewsroomResolver
from dibao.wiring import opened

HOSTS = ("wire.test", "morning.test", "ledger.test")


class Killer:
    """Ends its own process, as a power cut would, when a point is passed for the n-th time."""

    def __init__(self, point: str, count: int) -> None:
        self.point, self.count = point, count

    def __call__(self, point: str) -> None:
        self.count -= point == self.point
        if point == self.point and self.count <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(folder: str, port: str, now: str, point: str = "", count: str = "0") -> None:
    clock = SteppingClock(datetime.fromisoformat(now))
    resolver = NewsroomResolver(HOSTS, int(port))
    at = Killer(point, int(count))
    with walking(Path(folder)), opened(Path(folder), clock=clock, resolver=resolver, at=at) as it:
        for outcome in sync.walk(it):
            for revision in outcome.revisions:
                print(revision.key, revision.number, flush=True)
        sync.publish(it)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
