"""When sources are asked, as people see it: holds and gaps in `status`, haste that breaks nothing, paces."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dibao.cli.app import app
from dibao.errors import ConfigError, DibaoError
from dibao.wiring import opened
from tests.flow.loopback import make_archive
from tests.flow.servers import Site, rss_by_guid

pytestmark = pytest.mark.slow


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    return make_archive(tmp_path / "archive", site.port)


def dibao(*arguments: object) -> str:
    """Run a command and return what it prints as facts; its errors are raised."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if isinstance(result.exception, DibaoError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def facts(archive: Path) -> Any:
    return json.loads(dibao("status", "--json", "-A", archive))


def test_a_host_that_asks_for_peace_has_it_over_restarts_and_haste_and_status_says_so(
    archive: Path, site: Site
) -> None:
    site.pages["/feed"] = rss_by_guid(("1", "一", None, "甲"))
    dibao("add", f"{site.url}/feed", "--name", "青楓社", "--feed-only", "-A", archive)
    site.pages["/feed"] = site.pages["/other"] = (429, "text/plain", b"too many")
    dibao("sync", "--source", 1, "--no-publish", "-A", archive)
    asked = site.count("/feed")
    dibao("add", f"{site.url}/other", "--unchecked", "--feed-only", "-A", archive)
    for _ in range(2):
        dibao("sync", "--source", 1, "--no-publish", "-A", archive)
        dibao("sync", "--source", 2, "--no-publish", "-A", archive)
        dibao("sync", "--no-wait", "--no-publish", "-A", archive)
    assert (site.count("/feed"), site.count("/other")) == (asked, 0)
    (hold,) = facts(archive)["holds"]
    assert (hold["host"], hold["status"]) == (f"127.0.0.1:{site.port}", 429)
    assert f"left alone 127.0.0.1:{site.port}: it answered 429" in dibao("status", "-A", archive)


def test_status_names_a_gap_and_what_to_do(archive: Path, site: Site) -> None:
    site.pages["/feed"] = rss_by_guid(("1", "一", None, "甲"), ("2", "二", None, "乙"))
    dibao("add", f"{site.url}/feed", "--name", "青楓社", "--feed-only", "-A", archive)
    dibao("sync", "--no-wait", "--no-publish", "-A", archive)
    assert facts(archive)["sources"][0]["gaps"] == []
    site.pages["/feed"] = rss_by_guid(("8", "八", None, "丙"), ("9", "九", None, "丁"))
    dibao("sync", "--source", 1, "--no-publish", "-A", archive)
    (source,) = facts(archive)["sources"]
    (gap,) = source["gaps"]
    assert gap["since"] < gap["until"] == gap["seen_at"]
    said = dibao("status", "-A", archive)
    assert "1 gap between" in said
    assert "It can't be looked for (its feed leads to no older page)." in said
    with opened(archive) as it:  # as an older version of dibao left it
        it.archive.database.run("UPDATE gaps SET why = NULL")
    assert "dibao backfill 1 --since" in dibao("status", "-A", archive)


def test_a_pace_is_chosen_and_given_back(archive: Path, site: Site) -> None:
    def listed() -> Any:
        (source,) = json.loads(dibao("sources", "--json", "-A", archive))
        return source["every"], source["steady"]

    dibao("add", f"{site.url}/feed", "--unchecked", "-A", archive)
    assert listed() == (3600, False)
    assert " auto " in dibao("sources", "-A", archive)
    dibao("sources", "edit", 1, "--every", "1h", "-A", archive)
    assert listed() == (3600, True)
    assert " 1h " in dibao("sources", "-A", archive)
    dibao("sources", "edit", 1, "--every", "auto", "-A", archive)
    assert listed() == (3600, False)
    with pytest.raises(ConfigError, match="auto"):
        dibao("sources", "edit", 1, "--every", "often", "-A", archive)


def test_a_chosen_pace_goes_out_and_comes_in_with_a_list(archive: Path, tmp_path: Path, site: Site) -> None:
    dibao("add", f"{site.url}/feed", "--unchecked", "-A", archive)
    dibao("sources", "edit", 1, "--every", "1h", "-A", archive)
    dibao("export", "opml", tmp_path / "out.opml", "-A", archive)
    other = make_archive(tmp_path / "other", site.port)
    dibao("import", tmp_path / "out.opml", "-A", other)
    (source,) = json.loads(dibao("sources", "--json", "-A", other))
    assert (source["every"], source["steady"]) == (3600, True)


@pytest.mark.parametrize(
    ("said", "kept"), [("1800", (1800, True)), ("3600", (3600, False)), ("1", (900, True))]
)
def test_a_pace_in_a_list_is_a_persons_word_unless_it_is_the_usual(
    said: str, kept: tuple[int, bool], archive: Path, tmp_path: Path
) -> None:
    outline = f'<outline text="a" xmlUrl="http://a.test/feed" d:every="{said}"/>'
    listed = f'<opml version="2.0" xmlns:d="urn:dibao:opml"><body>{outline}</body></opml>'
    (tmp_path / "list.opml").write_text(listed, encoding="utf-8")
    dibao("import", tmp_path / "list.opml", "-A", archive)
    (source,) = json.loads(dibao("sources", "--json", "-A", archive))
    assert (source["every"], source["steady"]) == kept
