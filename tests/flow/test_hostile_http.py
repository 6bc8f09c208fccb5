"""A server that misbehaves in every way we know of: asking it always ends, small and with an answer."""

import json
import os
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dibao.archive.warc import WarcWriter, captures
from dibao.fetch.http import Guard, Http, Limits
from dibao.fetch.record import Recorder
from dibao.model import Capture, Kind, Source, Trouble, Visit

KINDS = ("bomb", "framing", "slow", "redirect", "ssrf", "status", "robots", "type", "charset")
SOURCE = Source(name="hostile", url="http://127.0.0.1/")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, Any]]:
    tool = Path(os.environ["DIBAO_TEST_DATA"], "hostile/tools/hostile_server.py")
    with subprocess.Popen(
        [sys.executable, str(tool), "--split", "all", "--stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
        process.kill()


def hits(server: dict[str, Any]) -> Any:
    with urllib.request.urlopen(f"{server['base']}/_hits", timeout=5) as answer:
        return json.load(answer)["canary"]


def http(server: dict[str, Any]) -> Http:
    return Http(
        user_agent="dibao/0.1 (+https://news.example.org/about)",
        now=lambda: datetime.now(UTC),
        guard=Guard(frozenset({urlsplit(server["base"]).netloc})),
        limits=Limits(total_seconds=3),
        per_host=8,
        pause=0,
    )


def memory() -> int:
    """Return the most memory this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_every_hostile_answer_ends_as_a_capture(server: dict[str, Any], tmp_path: Path) -> None:
    cases = [case for case in server["cases"] if case["kind"] in KINDS]
    # These ask for peace: whoever follows would not be asked at all.
    peace = [case for case in cases if "/status/retry" in case["url"] or "/status/flaky" in case["url"]]
    visits = [Visit(url=c["url"], kind=Kind.FEED, source=SOURCE) for c in cases if c not in peace]
    heavy = [visit for visit in visits if any(part in visit.url for part in ("/bomb/", "/slow/", "/type/"))]
    calm = [visit for visit in visits if visit not in heavy]
    before, start = memory(), time.monotonic()
    writer = WarcWriter(tmp_path)
    answers: dict[str, Capture] = {}
    with http(server) as fetcher:
        recorder = Recorder(fetcher, lambda visit, capture: writer.write(capture))
        for together in (calm, heavy):  # the calm ones first: the server does one thing at a time
            answers |= {visit.url: capture for visit, capture in recorder.fetch(together)}
    for case in peace:
        with http(server) as fetcher:
            lone = Visit(url=case["url"], kind=Kind.FEED, source=SOURCE)
            answers |= {visit.url: capture for visit, capture in fetcher.fetch([lone])}
    sizes = writer.sync()
    writer.close()
    assert set(answers) == {case["url"] for case in cases}
    assert time.monotonic() - start < 40
    grown = memory() - before
    assert grown < 256 * 2**20
    assert hits(server) == 0
    (file,) = sizes
    assert len(list(captures(tmp_path, file))) == len(visits)
    wrong = [case["url"] for case in cases if not _is_right(case, answers[case["url"]])]
    assert not wrong, [(url, answers[url].status, answers[url].failure) for url in wrong]


def _is_right(case: dict[str, Any], capture: Capture) -> bool:
    path = urlsplit(case["url"]).path
    trouble = capture.failure.trouble if capture.failure else None
    if path in EXPECTED:
        return trouble in EXPECTED[path]
    if path in WHOLE:
        return trouble is None and capture.body.rstrip().endswith(b"</rss>")
    if case["kind"] == "framing":  # whatever else is wrong with an answer is recorded
        return trouble is not None or capture.status != 200
    if case["kind"] == "ssrf":
        return trouble in (Trouble.BLOCKED, Trouble.REDIRECT, Trouble.URL, Trouble.DNS) or path in HARMLESS
    return trouble is None or capture.body == b""


S, E, B, T = Trouble.SIZE, Trouble.ENCODING, Trouble.BROKEN, Trouble.TIMEOUT
EXPECTED = {
    "/bomb/gzip1g": (S,),
    "/bomb/gzip-gzip1g": (E,),
    "/bomb/br1g": (S,),
    "/bomb/zstd1g": (S,),
    "/bomb/gzip-truncated": (E,),
    "/bomb/gzip-badcrc": (E,),
    "/bomb/gzip-not": (E,),
    "/bomb/gzip-members": (S,),
    "/frame/cl-long": (B,),
    "/frame/cl-negative": (B,),
    "/frame/chunk-bad": (B,),
    "/frame/chunk-huge": (B,),
    "/frame/chunk-unterminated": (B,),
    "/frame/headers-1mb": (S,),
    "/frame/status-garbage": (B,),
    "/frame/http09": (B,),
    "/frame/304-unasked": (B,),
    "/frame/empty": (B,),
    "/frame/close": (B,),
    "/frame/rst": (B,),
    "/slow/headers": (T,),
    "/slow/body": (T,),
    "/slow/stall": (T,),
    "/slow/silent": (T,),
    "/slow/infinite": (S, T),
    "/redir/loop": (Trouble.REDIRECT,),
    "/redir/loop2": (Trouble.REDIRECT,),
    "/redir/chain": (Trouble.REDIRECT,),
    "/redir/self-cookie": (Trouble.REDIRECT,),
    "/redir/creds": (Trouble.BLOCKED,),
    "/redir/noloc": (Trouble.REDIRECT,),
}
# Nothing is missing in these: interim answers are passed over, and bytes after the end are not read.
WHOLE = ("/frame/cl-short", "/frame/1xx-flood", "/status/etag-evil", "/status/maxage")
# "http:a" and "http:///a" are paths of the same server, as they are to browsers.
HARMLESS = ("/redir/to/odd4", "/redir/to/odd5")


def test_an_article_whose_robots_txt_is_endless_is_asked_all_the_same(server: dict[str, Any]) -> None:
    visits = [
        Visit(url=f"{server['base']}{path}", kind=Kind.ARTICLE, source=SOURCE)
        for path in ("/open", "/private")
    ]
    with http(server) as fetcher:
        answers = {visit.url[len(server["base"]) :]: capture for visit, capture in fetcher.fetch(visits)}
    assert answers["/open"].status == 200
    assert answers["/private"].failure
    assert answers["/private"].failure.trouble is Trouble.ROBOTS
    assert hits(server) == 0
