"""The command line: arguments, one call, an exit code."""

import sys

from rich.markup import escape

from dibao.cli import make, read, sources, status, walk  # noqa: F401  (each adds its commands to the app)
from dibao.cli.app import app
from dibao.cli.printing import complain
from dibao.errors import DibaoError

INTERRUPTED = 130  # as shells say it of Ctrl-C


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and never a traceback."""
    try:
        app()
    except DibaoError as error:
        complain(f"[bold red]dibao:[/] {escape(str(error))}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        complain("Stopped. What was kept is safe; run the same command to go on.")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        sys.exit(0)
