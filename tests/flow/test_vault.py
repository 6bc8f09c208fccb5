"""Secrets kept apart, by several at once; and a Ctrl-C that finds the readers at work."""

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dibao.addresses import storable
from dibao.archive import vault
from dibao.clock import SteppingClock
from dibao.errors import ConfigError
from dibao.model import Source
from dibao.subscribe import subscribe
from dibao.wiring import Opened, fetching, opened
from dibao.workers import Workers
from tests.flow.loopback import make_archive, walk
from tests.flow.servers import Site, rss
from tests.flow.test_troubles import dibao, whole

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
TOKEN = "tok3n-abcdefgh"
pytestmark = pytest.mark.slow


def test_the_same_secret_address_added_twice_is_one_source(it: Opened, site: Site) -> None:
    site.pages["/feed"] = rss(("甲", f"{site.url}/1", "摘要"))
    address = site.url.replace("//", "//reader:hunter2pass@") + f"/feed?token={TOKEN}"
    first = subscribe(it, address, {"name": "青楓社", "feed_only": True})
    second = subscribe(it, address, {"name": "另一個名字"})
    assert (second.source, second.new) == (first.source, False)
    assert [source.name for source in it.sources.all()] == ["青楓社"]
    assert sorted(vault.read(it.folder).values()) == sorted(["reader", "hunter2pass", TOKEN])


def test_a_secret_added_beside_a_running_fetch_is_sent(it: Opened, site: Site) -> None:
    site.pages["/feed"] = rss(("甲", f"{site.url}/1", "摘要"))
    with fetching(it) as fetcher:
        marked = storable(it, f"{site.url}/feed?token={TOKEN}")
        assert TOKEN not in marked
        source, _ = it.sources.add(Source(name="s", url=marked), NOW)
        ((_, capture),) = fetcher.fetch([it.library.polls()[source.id]])
    assert [path for path, _ in site.asked] == [f"/feed?token={TOKEN}"]
    assert TOKEN not in capture.url + capture.final_url


def test_a_configured_header_is_sent_and_never_written(tmp_path: Path, site: Site, workers: Workers) -> None:
    def echo(request: object) -> tuple[int, str, bytes]:
        return rss(("甲", f"{site.url}/1", f"讀者 {request.headers['X-Subscriber']}"))  # type: ignore[attr-defined]

    site.pages["/feed"] = echo
    header = f'[fetch.headers."127.0.0.1:{site.port}"]\nX-Subscriber = "member-9981-private"\n'
    archive = make_archive(tmp_path / "archive", site.port, more=header)
    with opened(archive, clock=SteppingClock(NOW)) as it:
        it.sources.add(Source(name="s", url=f"{site.url}/feed", feed_only=True), NOW)
        walk(it, workers)
        assert len(it.library.headlines()) == 1
    assert site.asked[0][1]["X-Subscriber"] == "member-9981-private"
    for path in archive.rglob("*"):
        if path.is_file() and path.name != "dibao.toml":
            body = path.read_bytes()
            assert b"member-9981" not in (gzip.decompress(body) if path.suffix == ".gz" else body), path


def test_secrets_remembered_by_many_at_once_are_all_kept(tmp_path: Path) -> None:
    many = 8
    start = threading.Barrier(many)
    failed: list[BaseException] = []

    def remember(n: int) -> None:
        start.wait()
        try:
            for turn in range(3):
                vault.remember(tmp_path, {f"DIBAO-SECRET-{n}x{turn}": f"secret {n}"})
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=remember, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(vault.read(tmp_path)) == many * 3
    assert (tmp_path / vault.FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "said", ["[]", '["DIBAO-SECRET-1"]', '{"DIBAO-SECRET-1": 5}', '"word"', "{", "\ufeff\x00"]
)
def test_a_file_of_secrets_that_is_no_object_is_an_error_in_words(said: str, it: Opened) -> None:
    (it.folder / vault.FILE).write_text(said, encoding="utf-8")
    with pytest.raises(ConfigError, match=vault.FILE):
        storable(it, f"http://wire.test/feed?token={TOKEN}")
    assert (it.folder / vault.FILE).read_text(encoding="utf-8") == said


def test_a_file_of_secrets_that_is_a_list_ends_a_command_with_advice(tmp_path: Path, site: Site) -> None:
    archive = make_archive(tmp_path / "archive", site.port)
    (archive / vault.FILE).write_text(json.dumps([TOKEN]), encoding="utf-8")
    refused = dibao("add", f"{site.url}/feed?token={TOKEN}", "--unchecked", "-A", archive)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), refused.stderr
    assert vault.FILE in refused.stderr
    assert TOKEN not in refused.stderr


def test_ctrl_c_while_pages_are_read_prints_no_traceback(tmp_path: Path, site: Site) -> None:
    pages = 24
    heavy = "".join(f"<p>{n} 段落文字，說明會上居民逐一提問。</p><ul><li>{n}</li></ul>" for n in range(8000))
    body = f"<title>t</title><article>{heavy}".encode()  # each takes a reader a second or so
    site.pages["/feed"] = rss(*((f"第{n}則", f"{site.url}/{n}", "摘要") for n in range(pages)))
    site.pages |= {f"/{n}": (200, "text/html; charset=utf-8", body) for n in range(pages)}
    archive = make_archive(tmp_path / "archive", site.port)
    with opened(archive) as it:
        subscribe(it, f"{site.url}/feed", {"name": "s"})
    process = subprocess.Popen(
        [sys.executable, "-m", "dibao", "sync", "-A", str(archive)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    while len(site.asked) < 5:
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.8)  # the readers have begun
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, "safe" in said, "Traceback" in said) == (130, True, False), said
    assert time.monotonic() - start < 10
    assert len(said.splitlines()) == 1, said
    assert whole(archive) < pages
