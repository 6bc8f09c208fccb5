"""kill -9 at random moments and at each named point: nothing is lost, nothing half, nothing twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from dibao.archive.database import Database
from dibao.archive.folder import DATABASE, create
from dibao.archive.warc import captures
from dibao.demo import SETTINGS
from dibao.newsroom import Newsroom, samples_folder
from dibao.subscribe import subscribe
from dibao.wiring import opened
from tests.flow.loopback import one

pytestmark = pytest.mark.slow
POINTS = ("after-warc-sync", "before-commit", "after-commit", "before-rename", "after-rename")
KILLS = 60
AT_MOST = 15  # kills of one archive's syncs, so that several archives are made however slow the machine is
ARTICLES = 31  # in the newsroom's first round


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(samples_folder()) as running:
        yield running


def fresh(folder: Path, newsroom: Newsroom) -> Path:
    """Make an archive that has subscribed and not yet asked."""
    create(folder, SETTINGS.format(address=newsroom.address))
    with opened(folder) as it:
        for outlet in newsroom.outlets:
            subscribe(it, outlet.feed, {"name": outlet.name}, check=False)
    return folder


def start(folder: Path, newsroom: Newsroom, *point: str) -> subprocess.Popen[str]:
    """Start a sync in a process of its own."""
    now = (newsroom.at + timedelta(days=365)).isoformat()  # all is due, whatever the clock said before
    script = Path(__file__).with_name("crashing.py")
    command = [sys.executable, str(script), str(folder), str(newsroom.port), now, *point]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[set[str], bool]:
    """Wait for a sync; return what it acknowledged and whether it came to its end."""
    said, complaints = process.communicate(timeout=120)
    assert process.returncode in (0, -signal.SIGKILL), complaints
    # The last line may be torn by the kill: a torn line acknowledged nothing.
    lines = said.split("\n")[:-1]
    return {line for line in lines if line != "done"}, "done" in lines


def check(folder: Path, acknowledged: set[str]) -> None:
    """Check that an archive is whole after its last run."""
    database = Database(folder / DATABASE)
    assert one(database, "PRAGMA integrity_check") == "ok"
    kept = {f"{row['key']} {row['number']}" for row in database.rows("SELECT key, number FROM revisions")}
    database.close()
    assert acknowledged <= kept
    assert len({line.split()[0] for line in kept}) == ARTICLES
    posts = sorted((folder / "posts").rglob("*.md"))
    assert len(posts) == ARTICLES
    for post in posts:
        _, front, body = post.read_text(encoding="utf-8").split("---\n", 2)
        assert yaml.safe_load(front)["title"]
        assert body.strip()
    assert len(list((folder / "site" / "a").glob("*.html"))) >= ARTICLES
    assert not list(folder.rglob(".*tmp-dibao"))
    files = map(str, (folder / "warc").rglob("*.warc.gz"))
    subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", *files], check=True, capture_output=True
    )


@pytest.mark.parametrize("point", POINTS)
def test_a_sync_killed_at_a_named_point_is_whole_after_the_next(
    point: str, newsroom: Newsroom, tmp_path: Path
) -> None:
    folder = fresh(tmp_path / "archive", newsroom)
    acknowledged: set[str] = set()
    for count in (1, 2, 5):
        told, ended = finish(start(folder, newsroom, point, str(count)))
        acknowledged |= told
        if ended:  # the run passed the point less often
            break
    told, ended = finish(start(folder, newsroom))
    assert ended
    check(folder, acknowledged | told)


def test_syncs_killed_at_random_moments_are_whole_after_the_next(newsroom: Newsroom, tmp_path: Path) -> None:
    random.seed(20260304)
    length = seconds_of_a_sync(fresh(tmp_path / "whole", newsroom), newsroom)
    kills = made = 0
    while kills < KILLS:
        folder, acknowledged, here = fresh(tmp_path / str(made), newsroom), set[str](), 0
        ended = False
        while not ended and here < AT_MOST and kills + here < KILLS:
            process = start(folder, newsroom)
            time.sleep(random.uniform(0.2, 1.1) * length)
            os.kill(process.pid, signal.SIGKILL)
            told, ended = finish(process)
            acknowledged |= told
            here += not ended
        told, ended = finish(start(folder, newsroom))
        assert ended
        check(folder, acknowledged | told)
        kills, made = kills + here, made + 1
    assert made >= KILLS // AT_MOST


def seconds_of_a_sync(folder: Path, newsroom: Newsroom) -> float:
    """Return how long a sync takes here and now, so that kills fall into all of it; four at most.

    Where it takes longer, what the killed syncs have kept brings the next ones farther.
    """
    began = time.monotonic()
    told, ended = finish(start(folder, newsroom))
    assert ended
    check(folder, told)
    return min(time.monotonic() - began, 4.0)


def test_what_a_killed_run_captured_is_not_asked_again(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = fresh(tmp_path / "archive", newsroom)
    finish(start(folder, newsroom, "before-commit", "3"))
    files = [path.relative_to(folder).as_posix() for path in (folder / "warc").rglob("*.warc.gz")]
    captured = {capture.url for file in files for capture in captures(folder, file)}
    assert len(captured) >= 3
    before = len(newsroom.requests)
    told, ended = finish(start(folder, newsroom))
    assert ended
    asked = {f"http://{host}{path}" for host, path, _ in newsroom.requests[before:]}
    assert captured & asked == set()
    check(folder, told)
