"""The command line: arguments, one call, an exit code."""

import errno
import os
import signal
import sys
from types import FrameType

from rich.markup import escape

from dibao.cli import (  # noqa: F401  (each adds its commands to the app)
    add,
    backfill,
    catalogue,
    extract,
    imports,
    keep,
    make,
    read,
    rules,
    sources,
    status,
    walk,
)
from dibao.cli.app import Stopped, app
from dibao.cli.printing import complain
from dibao.errors import DibaoError


def stop(number: int, frame: FrameType | None) -> None:
    """Leave whatever is under way by the front door, so that it is closed behind us."""
    raise Stopped(number)


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and never a traceback."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        app()
    except DibaoError as error:
        complain(f"[bold red]dibao:[/] {escape(str(error))}")
        sys.exit(error.exit_code)
    except Stopped as stopped:
        complain("Stopped. What was kept is safe; run the same command to go on.")
        sys.exit(128 + stopped.args[0])  # as shells say it: 130 for Ctrl-C
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO) or error.filename:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered has nowhere to go
        if error.errno != errno.EPIPE:  # a reader that has seen enough is no trouble
            complain(f"[bold red]dibao:[/] can't print: {error.strerror}")
        sys.exit(error.errno != errno.EPIPE)
