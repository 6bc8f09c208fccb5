"""A date that can't be true, from the feed to what people see of it."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import Answer, Site, article
from tests.flow.test_cli import dibao

pytestmark = pytest.mark.slow
BEGIN = datetime.now(UTC).replace(microsecond=0)
DATES = [BEGIN, BEGIN - timedelta(days=22 * 365), *(BEGIN - timedelta(hours=n) for n in range(2, 5))]
WORDS = [format_datetime(date) for date in DATES]


def feed(site: Site) -> Answer:
    items = "".join(
        f"<item><title>第{n}則</title><link>{site.url}/{n}</link><guid>{n}</guid><pubDate>{words}</pubDate></item>"
        for n, words in enumerate(WORDS)
    )
    whole = f'<rss version="2.0"><channel><title>青楓社</title>{items}</channel></rss>'
    return 200, "application/rss+xml; charset=utf-8", whole.encode()


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    site.pages["/feed"] = feed(site)
    site.pages |= {
        f"/{n}": article(f"第{n}則", f"第{n}則的內文，碼頭邊的居民說。") for n in range(len(DATES))
    }
    return make_archive(tmp_path / "archive", site.port)


@pytest.mark.parametrize("how", [["--feed-only"], []])
def test_an_entry_dated_22_years_off_is_kept_as_said_and_dated_by_when_it_was_seen(
    archive: Path, site: Site, how: list[str]
) -> None:
    dibao("add", f"{site.url}/feed", *how, "-A", archive)
    dibao("sync", "-A", archive)
    with opened(archive) as it:
        lines = {line.title: line.at for line in it.library.headlines()}
    assert {title: at for title, at in lines.items() if title != "第1則"} == {
        f"第{n}則": date for n, date in enumerate(DATES) if n != 1
    }
    assert lines["第1則"] >= BEGIN
    shown = json.loads(dibao("show", f"{site.url}/1", "--json", "-A", archive))["shown"]["article"]
    assert (shown["published_at"], shown["published_doubt"]) == (None, "far")
    assert shown["published_raw"] == WORDS[1]
    said = " ".join(dibao("show", f"{site.url}/1", "-A", archive).split())
    assert f"published {WORDS[1]} (not believed: far from every other date of it)" in said
