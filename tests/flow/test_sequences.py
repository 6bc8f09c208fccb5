"""The losses of older archives, replayed: every sequence of polls gives the number of articles it must."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dibao.clock import SteppingClock
from dibao.model import Source
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.loopback import Names, hostile_server, make_archive, walk

DATA = os.environ.get("DIBAO_TEST_DATA")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA, reason="DIBAO_TEST_DATA is not set")]
NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
NAMES = (
    "same-title url-prefix url-prefix-host long-title dup-guid dup-item guid-flap edit edit-flap utm "
    "fragment case nfc nolink noguid-nolink notitle badlink nodesc dates future date-flap vanish burst "
    "http-https slash title-edit xtitle"
).split()


@pytest.fixture(scope="module")
def cases() -> Iterator[dict[str, dict[str, str]]]:
    with hostile_server(Path(DATA or "") / "hostile" / "tools") as server:
        yield {case["url"].rsplit("/seq/", 1)[-1]: case for case in server["cases"] if "/seq/" in case["url"]}


def test_no_sequence_is_left_out(cases: dict[str, dict[str, str]]) -> None:
    assert sorted(cases) == sorted(NAMES)
    assert len(NAMES) == 27


@pytest.mark.parametrize("feed_only", [True, False], ids=["feed only", "pages out of reach"])
@pytest.mark.parametrize("name", NAMES)
def test_a_sequence_gives_the_stated_count(
    name: str, feed_only: bool, cases: dict[str, dict[str, str]], workers: Workers, tmp_path: Path
) -> None:
    case = cases[name]
    found = re.search(r"expect (\d+) article\(s\) after (\d+) poll\(s\)", case["property"])
    assert found
    expected, polls = int(found[1]), int(found[2])
    base = urlsplit(case["url"])
    port = base.port or 0
    _reset(base.netloc)
    archive = make_archive(tmp_path / "archive", port)
    clock = SteppingClock(NOW)
    with opened(archive, clock=clock, resolver=Names()) as it:
        it.sources.add(Source(name=name, url=case["url"], feed_only=feed_only), NOW)
        for _ in range(polls):
            walk(it, workers)
            clock.sleep(3780)
        assert it.library.totals()["articles"] == expected
        assert len({line.key for line in it.library.headlines()}) == expected
        if name in ("edit", "title-edit"):
            assert [len(kept.revisions) for kept in it.library.kept(it.library.keys())] == [2]
        if name == "edit-flap":
            (kept,) = it.library.kept(it.library.keys())
            assert ["v1" in r.article.text for r in kept.revisions] == [True, False, True]
        if name == "vanish":
            assert it.library.totals()["gone"] == 0


def _reset(netloc: str) -> None:
    import urllib.request

    urllib.request.urlopen(f"http://{netloc}/_reset", timeout=5).read()
