"""A feed that is cut off on its way: what was whole is kept at once, the rest with the next poll."""

from pathlib import Path

import pytest

from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import Site
from tests.flow.test_cli import dibao

pytestmark = pytest.mark.slow
ITEMS = "".join(
    f"<item><title>第{n}則</title><guid isPermaLink='false'>{n}</guid>"
    f"<description>第{n}則的內文。</description></item>"
    for n in range(3)
)
WHOLE = f'<rss version="2.0"><channel><title>青楓社</title>{ITEMS}</channel></rss>'.encode()
CUT = WHOLE[: WHOLE.index("第2則的".encode())]


def headlines(archive: Path) -> list[str]:
    with opened(archive) as it:
        return sorted(line.title for line in it.library.headlines())


def test_a_cut_feed_costs_no_entry_and_keeps_no_half_one(tmp_path: Path, site: Site) -> None:
    site.pages["/feed"] = (200, "application/rss+xml; charset=utf-8", CUT)
    archive = make_archive(tmp_path / "archive", site.port)
    dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    dibao("sync", "-A", archive)
    assert headlines(archive) == ["第0則", "第1則"]
    site.pages["/feed"] = (200, "application/rss+xml; charset=utf-8", WHOLE)
    dibao("sync", "--source", "1", "-A", archive)
    assert headlines(archive) == ["第0則", "第1則", "第2則"]
    with opened(archive) as it:
        assert [len(kept.revisions) for kept in it.library.kept(it.library.keys())] == [1, 1, 1]


def test_what_a_cut_feed_calls_its_validators_is_not_believed(tmp_path: Path, site: Site) -> None:
    site.pages["/feed"] = (200, "application/rss+xml; charset=utf-8", CUT)
    archive = make_archive(tmp_path / "archive", site.port)
    dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    dibao("sync", "--source", "1", "-A", archive)
    asked = [headers for path, headers in site.asked if path == "/feed"]
    assert len(asked) == 2
    assert not any("If-None-Match" in headers for headers in asked)
