"""What an older policy let into the archive is cleaned before it is shown."""

import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from dibao.extract.policy import POLICY
from dibao.model import Source
from dibao.sync import publish
from dibao.wiring import Opened
from dibao.workers import Workers
from tests.flow.loopback import histories, pass_time, walk
from tests.flow.servers import Site

pytestmark = pytest.mark.slow
HOSTILE = (
    '<p onclick="steal()">Ferries <a href="javascript:steal()">run</a> again.</p>'
    "<script>steal()</script><iframe src='https://evil.example/'></iframe><img src=data:x onerror=steal()>"
)


def keep_one(it: Opened, site: Site, workers: Workers) -> None:
    """Sync a feed of one whole article."""
    when = format_datetime(datetime(2026, 3, 4, 7, tzinfo=UTC) - timedelta(hours=1))
    told = f"<title>Ferries</title><guid>1</guid><pubDate>{when}</pubDate><description>Run.</description>"
    item = f"<item>{told}</item>"
    body = f'<rss version="2.0"><channel><title>Wire</title>{item}</channel></rss>'
    site.pages["/wire"] = (200, "application/rss+xml", body.encode())
    it.sources.add(Source(name="Wire", url=f"{site.url}/wire", feed_only=True), it.clock.now())
    walk(it, workers)


def store(it: Opened, **changed: object) -> None:
    """Change the stored article, as an earlier version would have written it."""
    with closing(sqlite3.connect(it.folder / "archive.db")) as database, database:
        ((text,),) = database.execute("SELECT article_json FROM revisions").fetchall()
        article = {name: value for name, value in json.loads(text).items() if name != "policy"} | changed
        database.execute("UPDATE revisions SET article_json = ?", [json.dumps(article)])


def published(it: Opened) -> str:
    """Return everything that is published, in one piece."""
    files = [path for folder in ("site", "posts") for path in sorted((it.folder / folder).rglob("*"))]
    kinds = (".html", ".md", ".xml", ".json")
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix in kinds)


def test_what_is_kept_says_by_which_policy_it_was_written(it: Opened, site: Site, workers: Workers) -> None:
    keep_one(it, site, workers)
    with closing(sqlite3.connect(it.folder / "archive.db")) as database:
        ((text,),) = database.execute("SELECT article_json FROM revisions").fetchall()
    assert json.loads(text)["policy"] == POLICY


@pytest.mark.parametrize("policy", [{}, {"policy": 0}, {"policy": POLICY - 1}])
def test_an_older_policys_rows_are_published_clean(
    it: Opened, site: Site, workers: Workers, policy: dict[str, int]
) -> None:
    keep_one(it, site, workers)
    store(it, html=HOSTILE, **policy)
    publish(it, full=True)
    assert "Ferries run again." in published(it)
    assert not [mark for mark in ("steal", "evil", "iframe", "javascript") if mark in published(it)]
    ((revision,),) = histories(it)
    assert revision.article.html == "<p>Ferries run again.</p>"
    assert revision.article.policy == POLICY


def test_a_row_of_todays_policy_is_published_as_it_stands(it: Opened, site: Site, workers: Workers) -> None:
    keep_one(it, site, workers)
    store(it, html="<p>As <em></em> it stands.</p>", policy=POLICY)
    publish(it, full=True)
    assert "<p>As <em></em> it stands.</p>" in published(it)


def test_all_is_published_again_when_the_policy_was_raised(
    it: Opened, site: Site, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_one(it, site, workers)
    store(it, html="<p>Once <span>allowed</span>.</p>", policy=POLICY)
    publish(it)
    assert "<span>allowed" in published(it)
    for room in ("clean", "policy"):
        monkeypatch.setattr(sys.modules[f"dibao.extract.{room}"], "POLICY", POLICY + 1)
    pass_time(it, 1)
    publish(it)
    assert "<span>allowed" not in published(it)
    assert "<p>Once allowed.</p>" in published(it)
