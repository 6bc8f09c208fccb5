"""Run the command line: ``python -m dibao``."""

from dibao.cli import main

main()
