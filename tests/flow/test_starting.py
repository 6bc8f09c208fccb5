"""A command brings along what it needs: one that only looks something up starts at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.test_cli import dibao

# What asks, reads and publishes; each takes longer to start than `status` takes in all.
HEAVY = set(
    "aiohttp feedparser jinja2 lxml numpy pebble PIL selectolax starlette trafilatura uvicorn".split()
)
RUN = """
import atexit, json, sys
from dibao.cli import main
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
main()
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    dibao("init", tmp_path / "archive")
    return tmp_path / "archive"


def brought_along(*arguments: object) -> set[str]:
    """Run a command and return which of the heavy packages it has loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return HEAVY & set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["status", "--help"], ["sync", "--help"]])
def test_help_brings_nothing_along(command: list[str]) -> None:
    assert brought_along(*command) == set()


@pytest.mark.parametrize("command", [["status"], ["sources", "list"], ["config"]])
def test_a_look_at_an_archive_asks_and_reads_nothing(archive: Path, command: list[str]) -> None:
    assert brought_along(*command, "--json", "-A", archive) == set()


def test_a_sync_brings_along_what_it_needs(archive: Path) -> None:
    assert {"aiohttp", "lxml", "numpy"} <= brought_along("sync", "--no-wait", "-A", archive)


def test_the_public_names_are_what_they_say_whatever_was_imported_before() -> None:
    code = "import dibao, dibao.pipeline; print(callable(dibao.extract), callable(dibao.parse_feed))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"
