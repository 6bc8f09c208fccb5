"""Stopping: whatever is under way, dibao ends when it is told to, at once and without a traceback."""

import multiprocessing
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dibao import watching
from dibao.archive.folder import DATABASE
from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import Site, article, rss
from tests.flow.test_watch import PATIENCE, dibao, site_says, until

pytestmark = pytest.mark.slow
TIMES = 5  # one in two hung


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    """Give an archive that has an article, and has published nothing yet."""
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "自三月起"))
    site.pages["/1"] = article("渡輪調價", "渡輪票價自三月起調整。")
    archive = make_archive(tmp_path / "archive", site.port, more="[publish]\nevery = 1\n")
    dibao("add", f"{site.url}/feed", "-n", "青楓社", "-A", archive)
    dibao("sync", "--no-wait", "--no-publish", "-A", archive)
    return archive


def ends(work: Callable[[], object]) -> bool:
    """Say whether some work comes to its end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return not thread.is_alive()


def test_a_watch_ends_in_the_middle_of_an_update(archive: Path) -> None:
    with opened(archive) as it:
        for _ in range(TIMES):
            other = sqlite3.connect(archive / DATABASE, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")  # an update can't note now that it is ready
            told: list[watching.Written] = []
            publisher = watching.Publisher(it, told.append)
            until(lambda: list((archive / "posts").rglob("*.md")))
            assert ends(publisher.close)
            assert told == []
            other.close()
            for post in (archive / "posts").rglob("*.md"):
                post.unlink()


def test_an_update_that_is_killed_is_told_and_made_again(archive: Path) -> None:
    told: list[watching.Written] = []
    with opened(archive) as it:
        other = sqlite3.connect(archive / DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        publisher = watching.Publisher(it, told.append)
        until(lambda: list((archive / "posts").rglob("*.md")))
        for process in multiprocessing.active_children():
            process.kill()
        until(lambda: told)
        other.close()
        until(lambda: len(told) > 1)
        assert ends(publisher.close)
    assert "was ended" in str(told[0])
    assert isinstance(told[1], dict)
    assert site_says(archive, "渡輪調價")
