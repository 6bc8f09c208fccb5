"""`dibao sync --watch`: it stays, publishes what comes, makes room for other commands, and stops cleanly."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from dibao import watching
from dibao.archive.folder import in_turn, is_taken, is_wanted, walking
from dibao.archive.folder import watching as being_the_watch
from dibao.archive.rows import stamp
from dibao.clock import SteppingClock
from dibao.errors import ArchiveError
from dibao.model import Hold, Kind, Source
from dibao.subscribe import subscribe
from dibao.wiring import Opened, opened
from tests.flow.loopback import make_archive
from tests.flow.servers import Answer, Site, article, rss
from tests.pictures import picture

pytestmark = pytest.mark.slow
NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATIENCE = 60.0  # seconds: the tests wait for facts, this only ends one that hangs


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "自三月起"))
    site.pages["/1"] = article("渡輪調價", "渡輪票價自三月起調整。")
    site.pages["/2"] = article("新橋通車", "新橋今天上午通車。")
    archive = make_archive(tmp_path / "archive", site.port, more="[publish]\nevery = 1\n")
    with opened(archive) as it:
        subscribe(it, f"{site.url}/feed", {"name": "青楓社"})
    return archive


def dibao(*arguments: object, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "dibao", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert not ok or done.returncode == 0, done.stderr
    return done


@contextmanager
def watched(archive: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run a watch until the block ends, and check that it ends at once, cleanly."""
    command = [sys.executable, "-m", "dibao", "sync", "--watch", "-A", str(archive), *options]
    watch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: is_taken(archive, ".watch.lock"))
        yield watch
        watch.send_signal(signal.SIGTERM)
        _, complaints = watch.communicate(timeout=PATIENCE)
        assert "Traceback" not in complaints
        assert watch.returncode == 128 + signal.SIGTERM
    finally:
        watch.kill()
        watch.communicate()


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def site_says(archive: Path, words: str) -> bool:
    """Say whether the front page of the site shows some words."""
    page = archive / "site" / "index.html"
    return page.exists() and words in page.read_text(encoding="utf-8")


def poll_now(archive: Path) -> None:
    """Make every source due, as time would."""
    with opened(archive) as it:
        for source in it.sources.all():
            it.sources.hasten(source.id, it.clock.now())


def test_what_comes_while_it_stays_is_published_without_a_word_from_anybody(
    archive: Path, site: Site
) -> None:
    with watched(archive):
        until(lambda: site_says(archive, "渡輪調價"))
        site.pages["/feed"] = rss(
            ("新橋通車", f"{site.url}/2", ""), ("渡輪調價", f"{site.url}/1", "自三月起")
        )
        poll_now(archive)
        until(lambda: site_says(archive, "新橋通車"))
        until(lambda: len(list((archive / "posts").rglob("*.md"))) == 2)


def test_a_source_added_meanwhile_is_asked(archive: Path, site: Site) -> None:
    site.pages["/other"] = rss(("海豹數量", f"{site.url}/2", ""), title="第二社")
    with watched(archive):
        until(lambda: site_says(archive, "渡輪調價"))
        dibao("add", f"{site.url}/other", "-A", archive)
        until(lambda: site_says(archive, "新橋通車"))


def test_other_commands_get_the_archive_and_the_watch_goes_on(archive: Path, site: Site) -> None:
    with watched(archive):
        until(lambda: site_says(archive, "渡輪調價"))
        kept = dibao("keep", f"{site.url}/2", "-A", archive)
        assert "waiting until it makes room" in kept.stderr
        assert "新橋通車" in kept.stdout
        dibao("publish", "--full", "-A", archive)
        site.pages["/feed"] = rss(("海豹數量", f"{site.url}/3", ""))
        site.pages["/3"] = article("海豹數量", "海豹數量創新高。")
        poll_now(archive)
        until(lambda: site_says(archive, "海豹數量"))


def test_status_says_first_whether_a_watch_is_running(archive: Path) -> None:
    def status() -> tuple[str, object]:
        lines = dibao("status", "-A", archive).stdout.splitlines()
        return lines[0], json.loads(dibao("status", "--json", "-A", archive).stdout)["watched"]

    assert status()[1] is False
    assert not (archive / ".watch.lock").exists()  # a look leaves nothing behind
    with watched(archive):
        assert status() == ("A watch is running: each source is asked as it falls due.", True)
    line, is_watched = status()
    assert "article" in line
    assert is_watched is False


def test_a_sync_beside_it_ends_at_once_and_well(archive: Path) -> None:
    with watched(archive):
        done = dibao("sync", "-A", archive)
        assert (done.stdout.strip(), done.stderr) == (
            "A watch is running here; it asks everything in its time.",
            "",
        )
        assert json.loads(dibao("sync", "--json", "-A", archive).stdout)["watched"] is True


def test_a_sync_of_one_source_beside_it_has_the_watch_ask_it_now(archive: Path, site: Site) -> None:
    with watched(archive):
        until(lambda: site_says(archive, "渡輪調價"))
        site.pages["/feed"] = rss(("新橋通車", f"{site.url}/2", ""))
        said = dibao("sync", "--source", "青楓社", "-A", archive)
        assert said.stdout.strip() == "A watch is running here; it asks 青楓社 now."
        until(lambda: site_says(archive, "新橋通車"))
        assert dibao("sync", "--source", "nobody", "-A", archive, ok=False).returncode == 2


def test_haste_beside_a_watch_breaks_no_host_s_peace(archive: Path, site: Site) -> None:
    site.pages["/feed"] = (429, "text/plain", b"too many")
    with watched(archive):
        poll_now(archive)
        until(lambda: held_hosts(archive))
        asked = site.count("/feed")
        said = dibao("sync", "--source", "1", "-A", archive).stdout
        assert "as its host wishes" in said
        assert site.count("/feed") == asked


def held_hosts(archive: Path) -> list[Hold]:
    """Return the hosts that are left alone."""
    with opened(archive) as it:
        return it.library.holds(it.clock.now())


@pytest.mark.parametrize("options", [("--source", "1"), ("--no-publish",)])
def test_beside_a_watch_of_a_part_a_sync_does_the_rest_itself(
    archive: Path, site: Site, options: tuple[str, ...]
) -> None:
    dibao("add", f"{site.url}/other", "--unchecked", "-A", archive)
    site.pages["/other"] = rss(("新橋通車", f"{site.url}/2", ""), title="第二社")
    with watched(archive, *options):
        done = dibao("sync", "--no-wait", "-A", archive)
        assert site_says(archive, "新橋通車"), done.stderr


def test_a_backfill_gets_the_archive_from_a_watch(archive: Path, site: Site) -> None:
    def feed(handler: BaseHTTPRequestHandler) -> Answer:
        is_older = "paged=2" in handler.path
        status, kind, body = rss(
            ("新橋通車", f"{site.url}/2", "") if is_older else ("渡輪調價", f"{site.url}/1", "自三月起")
        )
        if "paged=3" in handler.path:
            status = 404
        made = b"<channel><generator>https://wordpress.org/?v=6.5</generator>"
        return status, kind, body.replace(b"<channel>", made)

    site.pages["/feed"] = feed
    poll_now(archive)
    with watched(archive):
        until(lambda: site.count("/feed") > 1 and site_says(archive, "渡輪調價"))
        done = dibao("backfill", "1", "-A", archive)
        assert "waiting until it makes room" in done.stderr
        assert "1 article found" in done.stdout
        assert site_says(archive, "新橋通車")
        site.pages["/feed"] = rss(("海豹數量", f"{site.url}/3", ""))
        site.pages["/3"] = article("海豹數量", "海豹數量創新高。")
        poll_now(archive)
        until(lambda: site_says(archive, "海豹數量"))


def test_there_is_one_watch_at_a_time(archive: Path) -> None:
    with watched(archive):
        second = dibao("sync", "--watch", "-A", archive, ok=False)
        assert second.returncode == 3
        assert "is watched already" in second.stderr


def test_its_lines_say_what_came_and_which_source_is_in_trouble(archive: Path, site: Site) -> None:
    site.pages["/feed"] = (500, "text/plain", b"no")
    dibao("add", f"{site.url}/fine", "--unchecked", "-A", archive)
    site.pages["/fine"] = rss(("新橋通車", f"{site.url}/2", ""))
    poll_now(archive)
    with watched(archive) as watch:
        assert watch.stderr
        assert watch.stdout
        assert "青楓社: the server answered 500" in watch.stderr.readline()
        line = watch.stdout.readline()
        while "new" not in line:
            line = watch.stdout.readline()
        assert "site: " in line


def test_programs_get_a_json_line_for_each_update(archive: Path) -> None:
    with watched(archive, "--json") as watch:
        assert watch.stdout
        told = [json.loads(watch.stdout.readline())]
        while not any(each["new"] for each in told):
            told.append(json.loads(watch.stdout.readline()))
        assert told[-1]["new"] == 1


def test_a_site_that_cannot_be_written_is_told_and_written_later(archive: Path) -> None:
    (archive / "site").write_text("in the way")
    with watched(archive) as watch:
        assert watch.stderr
        said = watch.stderr.readline()
        assert "site" in said
        assert "It is tried again" in said
        (archive / "site").unlink()
        until(lambda: site_says(archive, "渡輪調價"))


def test_a_watch_that_was_killed_leaves_nothing_in_the_way(archive: Path, site: Site) -> None:
    command = [sys.executable, "-m", "dibao", "sync", "--watch", "-A", str(archive)]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: site_says(archive, "渡輪調價"))
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    site.pages["/feed"] = rss(("新橋通車", f"{site.url}/2", ""))
    poll_now(archive)
    dibao("sync", "--no-wait", "-A", archive)
    assert site_says(archive, "新橋通車")


# --- the locks ------------------------------------------------------------------------------------------


def test_without_a_watch_a_busy_archive_is_said_to_be_busy_at_once(archive: Path) -> None:
    with walking(archive), pytest.raises(ArchiveError, match="busy"), walking(archive, waiting=lambda: None):
        pass  # pragma: no cover


def test_whoever_waits_for_a_watch_is_seen_by_it(archive: Path) -> None:
    with being_the_watch(archive), in_turn(archive, -1):
        assert not is_wanted(archive)
        asking = subprocess.Popen([sys.executable, "-m", "dibao", "publish", "-A", str(archive)])
        until(lambda: is_wanted(archive))
    assert asking.wait(PATIENCE) == 0


# --- clocks that jump -----------------------------------------------------------------------------------


@pytest.fixture
def it(archive: Path) -> Iterator[Opened]:
    """Return an archive of 300 sources that were all polled an hour ago, at its own time."""
    with opened(archive, clock=SteppingClock(NOW)) as it:
        it.sources.add_all([Source(name=f"s{n}", url=f"http://h{n}.test/") for n in range(299)], NOW)
        values = {"then": stamp(NOW - HOUR), "now": stamp(NOW)}
        it.archive.database.run("UPDATE visits SET asked_at = :then, due = :now WHERE kind = 'feed'", values)
        yield it


def due(it: Opened, *, within: timedelta) -> int:
    """Return how many polls fall due so soon."""
    found = it.archive.due(it.clock.now() + within, claimed=(), busy=(), only=None, limit=1000)
    return sum(visit.kind is Kind.FEED for visit in found)


def test_a_machine_that_slept_does_not_ask_everybody_at_once(it: Opened) -> None:
    goes_on = watching.Vigil(it)
    assert goes_on()
    it.clock.sleep(DAY.total_seconds())
    assert goes_on()
    assert due(it, within=timedelta(seconds=2)) < 100
    assert due(it, within=timedelta(minutes=4)) == 300


@pytest.mark.parametrize("jump", [-HOUR, -3650 * DAY])
def test_a_clock_that_is_set_back_does_not_silence_a_watch(it: Opened, jump: timedelta) -> None:
    goes_on = watching.Vigil(it)
    it.clock.sleep(jump.total_seconds())
    assert goes_on()
    assert due(it, within=HOUR) == 300


def test_a_clock_that_ran_ahead_and_came_back_does_not_silence_a_watch(it: Opened) -> None:
    goes_on = watching.Vigil(it)
    it.clock.sleep(3650 * DAY.total_seconds())
    assert goes_on()
    ahead = {"asked": stamp(it.clock.now()), "due": stamp(it.clock.now() + HOUR)}
    it.archive.database.run("UPDATE visits SET asked_at = :asked, due = :due WHERE kind = 'feed'", ahead)
    it.clock.sleep(-3650 * DAY.total_seconds())
    assert goes_on()
    assert due(it, within=timedelta(minutes=4)) == 300


def test_pictures_come_to_the_site_of_a_watch_too(archive: Path, site: Site) -> None:
    status, kind, body = article("海豹數量", "海豹數量創新高。")
    shown = f'<figure><img src="{site.url}/p.jpg"><figcaption>海豹</figcaption></figure></article>'
    site.pages["/3"] = status, kind, body.replace(b"</article>", shown.encode())
    site.pages["/p.jpg"] = 200, "image/jpeg", picture("JPEG", (1200, 800))
    with watched(archive):
        site.pages["/feed"] = rss(("海豹數量", f"{site.url}/3", ""))
        poll_now(archive)
        until(lambda: site_says(archive, "海豹數量"))
        until(lambda: len(list((archive / "site" / "media").rglob("*.jpg"))) >= 2)


def test_a_slip_in_the_settings_makes_a_watch_wait_for_them(archive: Path, site: Site) -> None:
    settings = (archive / "dibao.toml").read_text(encoding="utf-8")
    with watched(archive) as watch:
        until(lambda: site_says(archive, "渡輪調價"))
        (archive / "dibao.toml").write_text(settings + "\n[x]\n", encoding="utf-8")
        assert dibao("publish", "-A", archive, ok=False).returncode == 2
        assert watch.stderr
        said = watch.stderr.readline()
        assert "there is no such setting" in said
        assert "It is tried again" in said
        (archive / "dibao.toml").write_text(settings, encoding="utf-8")
        site.pages["/feed"] = rss(("新橋通車", f"{site.url}/2", ""))
        poll_now(archive)
        until(lambda: site_says(archive, "新橋通車"))
