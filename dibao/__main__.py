"""Run the command line: ``dibao``, or ``python -m dibao``."""


def main() -> None:
    """Run the command line."""
    # Imported here: each reading process loads the module that was run, and needs nothing of this.
    from dibao.cli import main as run

    run()


if __name__ == "__main__":
    main()
