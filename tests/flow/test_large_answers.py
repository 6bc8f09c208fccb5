"""Many large answers at once: taken whole, kept byte for byte, and never all of them in memory."""

import os
import random
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from dibao.archive.warc import captures
from dibao.subscribe import subscribe
from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import Answer, Site

AT_ONCE, MIB = 32, 2**20
TOP = 256 * MIB  # above what the process has when it begins

pytestmark = pytest.mark.slow


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_dozens_of_large_answers_at_once_do_not_fill_the_memory(site: Site, tmp_path: Path) -> None:
    body = random.Random(4).randbytes(20 * MIB)
    together = threading.Barrier(AT_ONCE, timeout=60)

    def page(request: BaseHTTPRequestHandler) -> Answer:
        together.wait()  # all are under way before the first is answered
        return 200, "application/octet-stream", body

    site.pages["/feed"] = page
    folder = make_archive(tmp_path / "archive", site.port)
    with opened(folder) as it:
        for n in range(AT_ONCE):
            subscribe(it, f"http://host{n}.test/feed", {}, check=False)
    script, tree = Path(__file__).with_name("large.py"), str(Path(__file__).parents[2])
    before = {path.name for path in folder.iterdir()} | {"warc"}
    command = [sys.executable, str(script), str(folder), str(site.port)]
    run = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": tree, "DIBAO_FETCH__TIMEOUT": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < TOP
    files = [path.relative_to(folder).as_posix() for path in (folder / "warc").rglob("*.gz")]
    kept = [capture for file in sorted(files) for capture in captures(folder, file)]
    assert len({capture.url for capture in kept}) == AT_ONCE
    assert all(capture.body == body for capture in kept)
    assert {path.name for path in folder.iterdir()} == before  # nothing is left of what stood on disk
