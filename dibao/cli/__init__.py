"""The command line: arguments, one call, an exit code."""

import signal
import sys
from types import FrameType

from rich.markup import escape

from dibao.cli import make, read, sources, status, walk  # noqa: F401  (each adds its commands to the app)
from dibao.cli.app import app
from dibao.cli.printing import complain
from dibao.errors import DibaoError


class Stopped(BaseException):
    """Someone wants us to stop: Ctrl-C, or a service manager."""


def stop(number: int, frame: FrameType | None) -> None:
    """Leave whatever is under way by the front door, so that it is closed behind us."""
    raise Stopped(number)


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and never a traceback."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        app()
    except DibaoError as error:
        complain(f"[bold red]dibao:[/] {escape(str(error))}")
        sys.exit(error.exit_code)
    except Stopped as stopped:
        complain("Stopped. What was kept is safe; run the same command to go on.")
        sys.exit(128 + stopped.args[0])  # as shells say it: 130 for Ctrl-C
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        sys.exit(0)
