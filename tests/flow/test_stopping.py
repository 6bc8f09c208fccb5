"""Stopping: whatever is under way, dibao ends when it is told to, at once and without a traceback."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from dibao import watching
from dibao.archive.folder import DATABASE
from dibao.cli.app import Stopped
from dibao.fetch.crossing import Loop
from dibao.publish.write import MANIFEST
from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import article, rss, serving
from tests.flow.test_watch import PATIENCE, dibao, site_says, until
from tests.pictures import picture

pytestmark = pytest.mark.slow
TIMES = 5  # one in two hung


@pytest.fixture(scope="module")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give an archive that has an article with some large pictures, and has published nothing yet."""
    with serving() as site:
        paths = [f"/{number}.png" for number in range(4)]
        body = picture("PNG", (3000, 2000))
        site.pages |= {path: (200, "image/png", body + path.encode()) for path in paths}
        shown = "".join(f'<figure><img src="{site.url}{path}"></figure>' for path in paths)
        status, kind, page = article("渡輪調價", "渡輪票價自三月起調整。")
        site.pages["/1"] = status, kind, page.replace(b"</article>", f"{shown}</article>".encode())
        site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "自三月起"))
        more = "[publish]\nevery = 1\n[read]\nworkers = 1\n"
        archive = make_archive(tmp_path_factory.mktemp("stopping") / "archive", site.port, more=more)
        dibao("add", f"{site.url}/feed", "-n", "青楓社", "-A", archive)
        dibao("sync", "--no-wait", "--no-publish", "-A", archive)
        yield archive


@pytest.fixture
def archive(unpublished: Path, tmp_path: Path) -> Path:
    """Give a copy of the archive that has published nothing yet."""
    return shutil.copytree(unpublished, tmp_path / "archive")


def held_up(archive: Path) -> Callable[[], object]:
    """Put a pipe where publishing reads, which never ends; return what says that it is held up there."""
    (archive / "site").mkdir()
    pipe = archive / "site" / MANIFEST
    os.mkfifo(pipe)

    def is_held_up() -> bool:
        try:
            os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)  # stays open: its reader waits for more
        except OSError:  # nobody reads
            return False
        return True

    return is_held_up


def ends(work: Callable[[], object]) -> bool:
    """Say whether some work comes to its end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return not thread.is_alive()


def test_a_watch_ends_in_the_middle_of_an_update(archive: Path) -> None:
    is_held_up, others = held_up(archive), set(multiprocessing.active_children())
    with opened(archive) as it:
        for _ in range(TIMES):
            told: list[watching.Written] = []
            publisher = watching.Publisher(it, told.append)
            publisher.start()
            until(is_held_up)
            assert ends(publisher.close)
            assert told == []
            assert not set(multiprocessing.active_children()) - others


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("sync --watch", signal.SIGINT),
        ("sync --watch", signal.SIGTERM),
        ("sync --no-wait", signal.SIGTERM),
        ("publish", signal.SIGINT),
    ],
)
def test_a_command_ends_while_pictures_are_copied(
    archive: Path, command: str, number: signal.Signals
) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "dibao", *command.split(), "-A", str(archive)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until((archive / "site" / MANIFEST).exists)
    os.killpg(running.pid, number)  # as a terminal does: to every process of the command
    _, complaints = running.communicate(timeout=PATIENCE)
    assert complaints == "Stopped. What was kept is safe; run the same command to go on.\n"
    assert running.returncode == 128 + number


def test_an_update_that_is_killed_is_told_and_made_again(archive: Path) -> None:
    told: list[watching.Written] = []
    others = set(multiprocessing.active_children())  # that other tests share
    with opened(archive) as it:
        other = sqlite3.connect(archive / DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # an update can't note that it is ready
        publisher = watching.Publisher(it, told.append)
        publisher.start()
        until(lambda: list((archive / "posts").rglob("*.md")))
        for process in set(multiprocessing.active_children()) - others:
            process.kill()
        until(lambda: told)
        other.close()
        until(lambda: len(told) > 1)
        assert ends(publisher.close)
    assert "was ended" in str(told[0])
    assert isinstance(told[1], dict)
    assert site_says(archive, "渡輪調價")


def test_a_loop_ends_though_somebody_was_stopped_while_he_told_it_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*args: object) -> NoReturn:
        raise Stopped(signal.SIGINT)

    loop = Loop("told")
    with monkeypatch.context() as just_then:
        just_then.setattr(loop._loop, "call_soon_threadsafe", stop)
        with pytest.raises(Stopped):
            loop.tell(print)
    assert ends(loop.close)


def test_ctrl_c_while_it_is_loaded_is_no_traceback() -> None:
    loading = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "dibao.cli":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from dibao.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_a_process_ends_with_a_command_that_was_killed_whatever_it_was_doing() -> None:
    code = (
        "import os, signal, time\n"
        "from dibao.machine import Processes\n"
        "processes = Processes(1)\n"
        "print(processes.ask(os.getpid).result(), flush=True)\n"
        "processes.ask(time.sleep, 600)\n"
        "time.sleep(1)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    running.communicate(timeout=PATIENCE)  # its processes hold the pipe as long as they live
    assert running.returncode == -signal.SIGKILL
