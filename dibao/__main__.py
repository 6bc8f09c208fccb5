"""Run the command line: ``dibao``, or ``python -m dibao``."""

import signal


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest is loaded: it just ends
    # Imported here: each reading process loads the module that was run, and needs nothing of this.
    from dibao.cli import main as run

    run()


if __name__ == "__main__":
    main()
