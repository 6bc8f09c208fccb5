"""What goes wrong around an archive: full and read-only disks, two syncs, Ctrl-C, readers that die."""

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dibao import engine
from dibao.archive.database import Database
from dibao.archive.folder import DATABASE, walking
from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.wiring import PATIENCE, Opened, fetching, opened
from dibao.workers import Workers
from tests.flow.loopback import Names, digests, make_archive, one, walk
from tests.flow.servers import Site, article, rss

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
pytestmark = pytest.mark.slow


def dibao(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "dibao", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, timeout=60, check=False
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 3 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted as root")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def whole(archive: Path) -> int:
    """Check that an archive is sound and return how many articles it holds."""
    database = Database(archive / DATABASE)
    try:
        assert one(database, "PRAGMA integrity_check") == "ok"
        return int(one(database, "SELECT count(*) FROM articles"))
    finally:
        database.close()


def test_a_full_disk_ends_with_advice_and_costs_nothing_kept(small_disk: Path, site: Site) -> None:
    noise = random.Random(1)
    text = "".join(chr(noise.randrange(0x4E00, 0x9000)) for _ in range(400_000))
    archive = make_archive(small_disk / "archive", site.port)
    site.pages["/feed"] = rss(("小", f"{site.url}/1", "第一則消息"))
    assert (
        dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive, DIBAO_ARCHIVE__MIN_FREE="0").returncode
        == 0
    )
    site.pages["/feed"] = rss(("小", f"{site.url}/1", "第一則消息"), ("大", f"{site.url}/2", text))
    full = dibao("sync", "--source", "1", "-A", archive, DIBAO_ARCHIVE__MIN_FREE="0")
    assert full.returncode in (3, 4), full.stderr
    assert "space" in full.stderr
    assert "Traceback" not in full.stderr
    remount(small_disk, "size=60m")
    kept = whole(archive)
    assert kept >= 1
    again = dibao("sync", "--source", "1", "-A", archive, DIBAO_ARCHIVE__MIN_FREE="0")
    assert again.returncode == 0, again.stderr
    assert whole(archive) == 2
    assert len(list((archive / "posts").rglob("*.md"))) == 2


def test_a_read_only_archive_ends_with_advice_and_stays_as_it_is(small_disk: Path, site: Site) -> None:
    archive = make_archive(small_disk / "archive", site.port)
    site.pages["/feed"] = rss(("一", f"{site.url}/1", "第一則消息"))
    settings = {"DIBAO_ARCHIVE__MIN_FREE": "0"}
    assert dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive, **settings).returncode == 0
    before = digests(archive)
    remount(small_disk, "ro")
    for command in (
        ("sync", "--source", "1"),
        ("sync",),
        ("publish",),
        ("add", f"{site.url}/x", "--unchecked"),
    ):
        refused = dibao(*command, "-A", archive, **settings)
        assert refused.returncode == 3, (command, refused.stderr)
        assert "Traceback" not in refused.stderr
        assert "writ" in refused.stderr
    assert digests(archive) == before


def test_the_last_of_the_disk_is_left_free(tmp_path: Path, site: Site) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    site.pages["/feed"] = rss(("一", f"{site.url}/1", "x"))
    dibao("add", f"{site.url}/feed", "--unchecked", "-A", archive)
    refused = dibao("sync", "-A", archive, DIBAO_ARCHIVE__MIN_FREE=str(10**18))
    assert refused.returncode == 3
    assert "archive.min_free" in refused.stderr
    assert site.asked == []


def test_a_second_sync_says_busy_and_short_commands_work_beside_it(tmp_path: Path, site: Site) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    site.pages["/feed"] = rss(("一", f"{site.url}/1", "x"))
    with walking(archive):
        busy = dibao("sync", "-A", archive)
        assert (busy.returncode, "busy" in busy.stderr) == (3, True)
        assert dibao("add", f"{site.url}/feed", "-A", archive).returncode == 0
        assert dibao("sources", "edit", "1", "--name", "新名", "-A", archive).returncode == 0
    assert dibao("sync", "-A", archive).returncode == 0
    assert whole(archive) == 1


def test_ctrl_c_stops_within_seconds_and_the_next_sync_goes_on(tmp_path: Path, site: Site) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    links = [(f"第{n}則", f"{site.url}/{n}", "摘要") for n in range(4)]
    site.pages["/feed"] = rss(*links)

    def slow(request: object) -> tuple[int, str, bytes]:
        time.sleep(20)
        return article("慢", "慢慢來")

    site.pages.update({f"/{n}": slow for n in range(4)})
    assert dibao("add", f"{site.url}/feed", "-A", archive).returncode == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "dibao", "sync", "-A", str(archive)], stderr=subprocess.PIPE, text=True
    )
    while not any(site.count(f"/{n}") for n in range(4)):
        time.sleep(0.05)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=15)
    assert (process.returncode, "safe" in said, "Traceback" in said) == (130, True, False), said
    assert time.monotonic() - start < 10
    site.pages.update({f"/{n}": article(f"第{n}則", "內文") for n in range(4)})
    assert dibao("sync", "-A", archive).returncode == 0
    assert whole(archive) == 4


def test_hourly_cron_polls_an_hourly_source_every_hour(tmp_path: Path, site: Site, workers: Workers) -> None:
    chance = random.Random(4)
    archive = make_archive(tmp_path / "archive", site.port)
    site.pages["/feed"] = rss(("一", f"{site.url}/1", "x"))
    polls: list[datetime] = []
    for hour in range(24):
        clock = SteppingClock(NOW + timedelta(hours=hour, seconds=chance.uniform(0, 40)))
        with walking(archive), opened(archive, clock=clock) as it:
            if hour == 0:
                it.sources.add(Source(name="s", url=f"{site.url}/feed", feed_only=True), clock.now())
            before = site.count("/feed")
            run_as_cron(it, workers)
            polls += [clock.now()] * (site.count("/feed") - before)
    gaps = [later - earlier for earlier, later in zip(polls, polls[1:], strict=False)]
    assert len(polls) >= 23
    assert min(gaps) >= timedelta(minutes=55)


def run_as_cron(it: Opened, workers: Workers) -> None:
    agenda = engine.Agenda(it.archive, it.clock, patience=PATIENCE)
    with fetching(it, keep=it.archive.keep) as fetcher:
        list(engine.run(it.archive, fetcher, workers, it.clock, agenda))


def test_a_page_whose_reader_is_killed_is_kept_from_the_feed(tmp_path: Path, site: Site) -> None:
    site.pages["/feed"] = rss(("炸彈", f"{site.url}/1", "摘要在此"))
    heavy = "".join(
        f"<p>{n} 段落文字，說明會上居民逐一提問。</p><ul><li>{n}</li></ul>" for n in range(30_000)
    )
    site.pages["/1"] = 200, "text/html; charset=utf-8", f"<title>t</title><article>{heavy}".encode()
    archive = make_archive(tmp_path / "archive", site.port)
    brief = Workers(1, deadline=0.6)
    try:
        clock = SteppingClock(NOW)
        with opened(archive, clock=clock) as it:
            it.sources.add(Source(name="s", url=f"{site.url}/feed"), NOW)
            walk(it, brief)
            ((line, why),) = it.library.partial()
    finally:
        brief.close()
    assert line.title == "炸彈"
    assert "took more than 0.3 seconds" in why


def test_no_secret_is_ever_written_down(tmp_path: Path, site: Site) -> None:
    secrets = ("hunter2pass", "tok3n-abcdef", "header-s3cret")

    def echo(request: object) -> tuple[int, str, bytes]:
        said = f"{request.path} {request.headers['Authorization']} {request.headers['X-Key']}"  # type: ignore[attr-defined]
        return rss(("一", f"{site.url}/1?token=tok3n-abcdef", said))

    site.pages["/feed"] = echo
    site.pages["/1"] = article("一", "內文")
    headers = (
        f'[fetch.headers."127.0.0.1:{site.port}"]\nX-Key = "header-s3cret"\nCookie = "sid=header-s3cret"\n'
    )
    archive = make_archive(tmp_path / "archive", site.port, more=headers)
    address = f"http://reader:hunter2pass@127.0.0.1:{site.port}/feed?token=tok3n-abcdef&page=1"
    said = [dibao("add", address, "-A", archive), dibao("sync", "-A", archive)]
    said += [dibao("status", "--json", "-A", archive), dibao("sources", "-A", archive)]
    said += [dibao("export", "opml", "-", "-A", archive), dibao("config", "--json", "-A", archive)]
    assert [done.returncode for done in said] == [0] * 6, said
    told = dict(site.asked[0][1])
    assert told["Authorization"].startswith("Basic ")
    assert (told["X-Key"], "tok3n-abcdef" in site.asked[0][0]) == ("header-s3cret", True)
    everything = {f"output {n}": (done.stdout + done.stderr).encode() for n, done in enumerate(said)}
    for path in archive.rglob("*"):
        if path.is_file() and path.name not in ("secrets.json", "dibao.toml"):
            body = path.read_bytes()
            everything[path.name] = gzip.decompress(body) if path.suffix == ".gz" else body
    assert len(everything) > 20
    encoded = ("cmVhZGVyOmh1bnRlcjJwYXNz",)  # reader:hunter2pass as Basic sends it
    found = [
        (name, secret)
        for name, body in everything.items()
        for secret in (*secrets, *encoded)
        if secret.encode() in body
    ]
    assert found == []
    assert (archive / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_source_that_breaks_costs_the_others_nothing(tmp_path: Path, site: Site, workers: Workers) -> None:
    site.pages["/good"] = rss(("好", f"{site.url}/1", "摘要"))
    site.pages["/1"] = article("好", "內文")
    site.pages["/bad"] = 200, "text/html", b"<html>captive portal</html>"
    site.pages["/broken"] = 500, "text/plain", b"oops"
    archive = make_archive(tmp_path / "archive", site.port)
    with opened(archive, clock=SteppingClock(NOW), resolver=Names()) as it:
        for name in ("bad", "broken", "good"):
            it.sources.add(Source(name=name, url=f"{site.url}/{name}"), NOW)
        it.sources.add(Source(name="nowhere", url="http://nowhere.test/feed"), NOW)
        walk(it, workers)
        errors = {poll.source.name: poll.error for poll in it.library.polls().values()}
        assert [line.title for line in it.library.headlines()] == ["好"]
    assert errors["good"] is None
    assert all(errors[name] for name in ("bad", "broken", "nowhere"))
