"""`dibao serve`: the published site over real HTTP."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dibao.archive.folder import create

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    create(folder, "")
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("<h1>邸報</h1>", encoding="utf-8")
    (folder / "site" / "404.html").write_text("<h1>Not here</h1>", encoding="utf-8")
    return folder


@pytest.fixture
def served(archive: Path) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    port = free_port()
    command = [sys.executable, "-m", "dibao", "serve", "--listen", f"127.0.0.1:{port}", "-A", str(archive)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(200):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port, process
    process.kill()
    process.communicate()


def get(port: int, path: str) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def test_pages_are_served_with_headers_that_keep_them_from_being_framed(
    served: tuple[int, "subprocess.Popen[str]"],
) -> None:
    status, headers, body = get(served[0], "/")
    assert status == 200
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "邸報" in body


@pytest.mark.parametrize(
    "path", ["/missing.html", "/../dibao.toml", "/%2e%2e/dibao.toml", "/..%2farchive.db"]
)
def test_what_is_not_in_the_site_is_not_there(path: str, served: tuple[int, "subprocess.Popen[str]"]) -> None:
    status, _, body = get(served[0], path)
    assert status == 404
    assert "Not here" in body


def test_ctrl_c_ends_it_without_a_traceback(served: tuple[int, "subprocess.Popen[str]"]) -> None:
    _, process = served
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert process.returncode in (0, 130)
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_an_error_in_words(
    served: tuple[int, "subprocess.Popen[str]"], archive: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "dibao",
        "serve",
        "--listen",
        f"127.0.0.1:{served[0]}",
        "-A",
        str(archive),
    ]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, "Traceback" in second.stderr) == (2, False), second.stderr
    assert "Choose another port" in second.stderr
