"""WebSub as people run it: `dibao serve` beside `dibao sync`, each a process of its own."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dibao.archive.folder import create
from dibao.wiring import opened
from tests.flow.desk import feed
from tests.flow.hub import Hub
from tests.flow.loopback import titles
from tests.flow.servers import Site, article

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate"),
]


class House:
    """An archive with its server, as processes that trust the hub's certificate."""

    def __init__(self, folder: Path, site: Site, hub: Hub, certificate: Path) -> None:
        self.folder, self.site, self.hub = folder, site, hub
        self.environment = {**os.environ, "SSL_CERT_FILE": str(certificate)}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        allowed = f'["127.0.0.1:{site.port}", "127.0.0.1:{hub.port}"]'
        create(
            folder,
            f"[fetch]\npause = 0\nallow_private = {allowed}\n"
            f'[web]\npublic_url = "http://127.0.0.1:{self.port}/"\n[publish]\nposts = false\nsite = false',
        )
        self.publish(1)

    def publish(self, items: int) -> None:
        self.site.pages["/feed"] = feed(self.site, items, self.hub.url)
        for n in range(items):
            self.site.pages[f"/{n}"] = article(f"渡輪第{n}班", f"第{n}班渡輪今晨啟航。")

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "dibao", *words, "--archive", str(self.folder)]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *words: str) -> str:
        process = self.start(*words)
        said, complained = process.communicate(timeout=60)
        assert process.returncode == 0, complained
        return said

    def status(self) -> Any:
        (source,) = json.loads(self.run("status", "--json"))["sources"]
        return source["pushes"]

    def age_poll(self, hours: float) -> None:
        """Let the last poll be hours ago: a push asks for none within a minute of another."""
        then = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        with sqlite3.connect(self.folder / "archive.db") as database:
            database.execute("UPDATE visits SET asked_at = ? WHERE kind = 'feed'", [then])
        database.close()

    def titles(self) -> list[str]:
        with opened(self.folder) as it:
            return titles(it)


@pytest.fixture
def house(tmp_path: Path, site: Site, hub: Hub, certificate: Path) -> Iterator[House]:
    made = House(tmp_path / "archive", site, hub, certificate)
    served = made.start("serve", "--listen", f"127.0.0.1:{made.port}")
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", made.port)) == 0:
                break
        time.sleep(0.05)
    made.run("add", f"{site.url}/feed")
    yield made
    served.send_signal(signal.SIGINT)
    _, complained = served.communicate(timeout=20)
    assert "Traceback" not in complained


def test_a_push_is_followed_by_the_next_sync(house: House) -> None:
    house.hub.during = lambda form: house.hub.ask_back(form)
    house.run("sync", "--no-wait")
    told = house.status()
    assert (told["on"], told["error"], told["pushed_at"]) == (True, None, None)
    house.age_poll(1)
    house.publish(2)
    house.run("sync", "--no-wait")
    assert house.titles() == ["渡輪第0班"]

    assert house.hub.push(house.hub.forms[-1]) == 202
    house.run("sync", "--no-wait")
    assert house.titles() == ["渡輪第0班", "渡輪第1班"]
    said = house.run("status")
    assert f"pushes from 127.0.0.1:{house.hub.port} until" in " ".join(said.split())
    form = house.hub.forms[-1]
    whole = said + json.dumps(house.status())
    assert form["hub.secret"] not in whole
    assert form["hub.callback"].rpartition("/")[2] not in whole


def test_ctrl_c_does_not_wait_for_a_hub(house: House) -> None:
    release = threading.Event()
    running: list[subprocess.Popen[str]] = []

    def interrupt(form: dict[str, str]) -> None:
        running[0].send_signal(signal.SIGINT)
        release.wait(60)

    house.hub.during = interrupt
    running.append(house.start("sync", "--no-wait"))
    said = running[0].communicate(timeout=60)
    assert not release.is_set()
    release.set()
    assert running[0].returncode == 130, said
    assert "Traceback" not in said[1]


def test_a_sync_that_is_killed_while_it_asks_has_asked(house: House) -> None:
    running: list[subprocess.Popen[str]] = []

    def kill(form: dict[str, str]) -> None:
        running[0].kill()
        running[0].wait()

    house.hub.during = kill
    running.append(house.start("sync", "--no-wait"))
    running[0].communicate(timeout=60)
    assert running[0].returncode == -signal.SIGKILL
    assert house.status()["on"] is False
    assert house.hub.ask_back(house.hub.forms[-1])[0] == 200
    assert house.status()["on"] is True
    house.hub.during = lambda form: None
    house.run("sync", "--no-wait")
    assert len(house.hub.forms) == 1
    assert house.titles() == ["渡輪第0班"]
