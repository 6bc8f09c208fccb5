"""Keeping single pages: asked for once, saved in a browser, or copied from another crawler's WARC file."""

import gzip
import json
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dibao import engine
from dibao.archive.records import new_id, record, resource
from dibao.archive.warc import captures, read_capture
from dibao.cli.app import app
from dibao.clock import SteppingClock
from dibao.errors import ConfigError, DibaoError
from dibao.keeping import visit_of
from dibao.model import Brought, Capture
from dibao.saved import unfold, without_local_copies
from dibao.subscribe import subscribe
from dibao.sync import walk
from dibao.wiring import opened
from dibao.workers import Workers
from tests.flow.loopback import make_archive
from tests.flow.servers import Site, article, rss
from tests.pictures import picture

FERRY = article("渡輪調價", "青港渡輪公司宣布四月起調整票價。")
DEARER = article("渡輪調價", "青港渡輪公司宣布五月起調整票價。")
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    site.pages["/1"] = FERRY
    return make_archive(tmp_path / "archive", site.port)


def run(*arguments: object, input: bytes | None = None) -> tuple[int, str]:
    """Run a command and return its exit code and all it prints; its errors are raised."""
    result = CliRunner().invoke(app, list(map(str, arguments)), input=input)
    if isinstance(result.exception, DibaoError):
        raise result.exception
    return result.exit_code, result.stdout


def keep(archive: Path, *arguments: object, input: bytes | None = None) -> list[dict[str, Any]]:
    """Keep a page and return what is told of it."""
    code, said = run("keep", *arguments, "--no-publish", "--json", "-A", archive, input=input)
    assert code == 0
    found: list[dict[str, Any]] = json.loads(said)
    return found


def shown(archive: Path, address: str) -> dict[str, Any]:
    """Return what `show` tells of an article."""
    found: dict[str, Any] = json.loads(run("show", address, "--json", "-A", archive)[1])
    return found


def totals(archive: Path) -> dict[str, int]:
    """Return what `status` counts."""
    found: dict[str, int] = json.loads(run("status", "--json", "-A", archive)[1])["totals"]
    return found


def saved(folder: Path, site: Site, body: bytes, path: str = "/1") -> Path:
    """Save a page as a browser does."""
    file = folder / "page.html"
    file.write_bytes(f"<!-- saved from url=(0022){site.url}{path} -->\n".encode() + body)
    return file


def test_an_address_is_asked_once_and_never_by_a_sync(archive: Path, site: Site) -> None:
    (told,) = keep(archive, f"{site.url}/1")
    assert (told["title"], told["verdict"], told["brought"]) == ("渡輪調價", "new", None)
    assert site.count("/robots.txt") == 1
    run("sync", "--no-wait", "-A", archive)
    assert site.count("/1") == 1
    assert shown(archive, f"{site.url}/1")["shown"]["source"]["name"] == "Kept pages"
    assert "渡輪調價" in (archive / "site" / "index.html").read_text(encoding="utf-8")


def test_a_page_kept_again_is_a_version_only_if_it_changed(archive: Path, site: Site) -> None:
    keep(archive, f"{site.url}/1")
    assert keep(archive, f"{site.url}/1?utm_source=mail")[0]["verdict"] == "same"
    site.pages["/1"] = DEARER
    assert keep(archive, f"{site.url}/1")[0]["verdict"] == "changed"
    assert totals(archive)["revisions"] == 2


def test_a_page_that_robots_txt_forbids_is_not_asked_and_advice_given(archive: Path, site: Site) -> None:
    site.pages["/robots.txt"] = 200, "text/plain", b"User-agent: *\nDisallow: /"
    result = CliRunner().invoke(app, ["keep", f"{site.url}/1", "-A", str(archive)])
    assert result.exit_code == 2
    assert "robots" in result.stderr
    assert "keep page.html --url" in result.stderr
    assert site.count("/1") == 0


def test_a_host_that_wants_to_be_left_alone_is_not_asked_by_hand_either(archive: Path, site: Site) -> None:
    def busy(handler: Any) -> tuple[int, str, bytes]:
        ended = handler.end_headers
        handler.end_headers = lambda: (handler.send_header("Retry-After", "7200"), ended())
        return 429, "text/plain", b"later"

    site.pages["/busy"] = busy
    assert run("keep", f"{site.url}/busy", "-A", archive)[0] == 2
    with opened(archive) as it:
        assert it.archive.held(f"127.0.0.1:{site.port}", it.clock.now())
    with pytest.raises(ConfigError, match="left alone until"):
        run("keep", f"{site.url}/1", "-A", archive)
    assert site.count("/1") == 0


def test_two_looks_by_hand_make_no_article_gone(archive: Path, site: Site) -> None:
    keep(archive, f"{site.url}/1")
    del site.pages["/1"]
    for _ in range(3):
        assert run("keep", f"{site.url}/1", "-A", archive)[0] == 2
    assert totals(archive)["gone"] == 0
    assert totals(archive)["revisions"] == 1


def test_a_saved_page_is_kept_as_a_resource_and_never_as_an_answer(
    archive: Path, site: Site, tmp_path: Path
) -> None:
    file = saved(tmp_path, site, FERRY[2])
    (told,) = keep(archive, file)
    assert (told["url"], told["verdict"], told["brought"]) == (f"{site.url}/1", "new", "saved")
    assert keep(archive, file)[0]["verdict"] == "same"
    version = shown(archive, f"{site.url}/1")["shown"]
    assert version["article"]["brought"] == "saved"
    with opened(archive) as it:
        (kept,) = it.library.kept(it.library.keys())
        capture = read_capture(archive, kept.latest.refs[0])
    assert (capture.status, capture.brought, capture.body) == (None, Brought.SAVED, file.read_bytes())
    (warc,) = (archive / "warc").rglob("*.gz")
    records = gzip.decompress(warc.read_bytes())
    assert records.count(b"WARC-Type: resource") == 2
    assert b"WARC-Type: response" not in records
    assert totals(archive)["brought"] == 1
    assert site.asked == []
    checked = subprocess.run([Path(sys.executable).with_name("warcio"), "check", warc], check=False)
    assert checked.returncode == 0


def test_what_is_published_says_that_a_person_saved_it(archive: Path, site: Site, tmp_path: Path) -> None:
    run("keep", saved(tmp_path, site, FERRY[2]), "-A", archive)
    (page,) = (archive / "site" / "a").glob("*.html")
    (post,) = (archive / "posts").rglob("*.md")
    for file in (page, post, archive / "site" / "feed.xml"):
        assert "自由人儲存的網頁副本" in file.read_text(encoding="utf-8") or file.suffix == ".html"
    assert "saved by a person" in run("show", f"{site.url}/1", "-A", archive)[1]
    assert "person saved" in page.read_text(encoding="utf-8")


def test_a_saved_page_completes_an_excerpt(archive: Path, site: Site, tmp_path: Path) -> None:
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/wall", "四月起調整票價，摘要。"))
    site.pages["/wall"] = 403, "text/html", b"no programs here"
    run("add", f"{site.url}/feed", "-A", archive)
    run("sync", "--no-wait", "-A", archive)
    assert totals(archive)["partial"] == 1
    (told,) = keep(archive, saved(tmp_path, site, FERRY[2], "/wall"))
    assert told["verdict"] == "completed"
    assert totals(archive)["partial"] == 0
    assert shown(archive, f"{site.url}/wall")["shown"]["source"]["name"] == "青楓社"


def test_an_article_kept_by_hand_is_looked_after_by_the_feed_that_announces_it(
    archive: Path, site: Site
) -> None:
    keep(archive, f"{site.url}/1")
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "摘要"))
    site.pages["/1"] = DEARER
    run("add", f"{site.url}/feed", "-A", archive)
    run("sync", "--no-wait", "-A", archive)
    versions = shown(archive, f"{site.url}/1")["revisions"]
    assert [each["verdict"] for each in versions] == ["new", "changed"]


def test_where_a_page_stood_is_taken_from_what_it_says(archive: Path, site: Site) -> None:
    canonical = FERRY[2].replace(b"<head>", f'<head><link rel="canonical" href="{site.url}/c">'.encode())
    assert keep(archive, "-", input=canonical)[0]["url"] == f"{site.url}/c"
    assert keep(archive, "-", "--url", f"{site.url}/u", input=canonical)[0]["url"] == f"{site.url}/u"
    with pytest.raises(ConfigError, match="--url"):
        run("keep", "-", "-A", archive, input=FERRY[2])


def test_an_mhtml_file_is_kept_whole_and_its_page_read(archive: Path, site: Site, tmp_path: Path) -> None:
    part = f"Content-Type: text/html; charset=utf-8\r\nContent-Location: {site.url}/m\r\n"
    mhtml = (
        f"MIME-Version: 1.0\r\nSnapshot-Content-Location: {site.url}/m\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="xx"\r\n\r\n'
        f"--xx\r\n{part}Content-Transfer-Encoding: base64\r\n\r\n"
        f"{b64encode(FERRY[2]).decode()}\r\n--xx--\r\n"
    )
    (tmp_path / "page.mhtml").write_bytes(mhtml.encode())
    (told,) = keep(archive, tmp_path / "page.mhtml")
    assert (told["url"], told["title"]) == (f"{site.url}/m", "渡輪調價")
    (warc,) = (archive / "warc").rglob("*.gz")
    assert mhtml.encode() in gzip.decompress(warc.read_bytes())
    with opened(archive) as it:
        (kept,) = it.library.kept(it.library.keys())
        assert read_capture(archive, kept.latest.refs[0]).body == FERRY[2]


def test_bytes_without_an_article_are_kept_as_evidence(archive: Path, site: Site) -> None:
    (told,) = keep(archive, "-", "--url", f"{site.url}/p", input=b"%PDF-1.4 nothing that can be read")
    assert (told["key"], told["captured"]) == (None, True)
    assert told["error"]
    assert totals(archive)["articles"] == 0


@pytest.mark.parametrize("body", [b"", b"\x1f\x8bnot gzip at all", b"WARC/1.0\r\nnonsense"])
def test_what_can_not_be_read_is_refused_in_words(body: bytes, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(body)
    with pytest.raises(ConfigError):
        run("keep", tmp_path / "bad", "--url", "https://example.org/1", "-A", archive)
    with pytest.raises(ConfigError, match="can't be read"):
        run("keep", tmp_path / "missing.html", "-A", archive)


def test_a_saved_pages_pictures_beside_the_file_are_no_addresses() -> None:
    page = (
        b'<img src="./Ferry_files/a.jpg" alt="x"><img src="/b.jpg"><img src="https://x.test/a_files/c.jpg">'
    )
    assert without_local_copies(page) == (
        b'<img alt="x"><img src="/b.jpg"><img src="https://x.test/a_files/c.jpg">'
    )


def test_singlefile_says_where_a_page_stood() -> None:
    page = b"<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://x.test/1 \n-->"
    assert unfold(page).url == "https://x.test/1"


def foreign(site: Site, *versions: tuple[str, bytes, datetime], packed: bool = True) -> bytes:
    """Return the WARC file of another crawler: its answers by path, body and time."""
    made = b""
    for path, body, at in versions:
        id, url = new_id(), {"WARC-Target-URI": f"{site.url}{path}"}
        kind = {"Content-Type": "application/http;msgtype=request", "WARC-Concurrent-To": id}
        made += record("request", new_id(), at, b"GET / HTTP/1.1\r\n\r\n", url | kind)
        kind = {"Content-Type": "application/http;msgtype=response"}
        made += record("response", id, at, HTTP + body, url | kind)
    return made if packed else gzip.decompress(made)


THEN = datetime(2019, 5, 6, 7, tzinfo=UTC)
LATER = datetime(2020, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize("packed", [True, False])
def test_every_page_of_a_warc_file_is_kept_as_its_crawler_had_it(
    packed: bool, archive: Path, site: Site, tmp_path: Path
) -> None:
    versions = (("/1", FERRY[2], THEN), ("/2", FERRY[2], THEN), ("/1", DEARER[2], LATER))
    file = tmp_path / "crawl.warc"
    file.write_bytes(foreign(site, *versions, packed=packed))
    told = keep(archive, file)
    assert [each["verdict"] for each in told] == ["new", "new", "changed"]
    assert keep(archive, file) == []
    found = shown(archive, f"{site.url}/1")
    assert found["shown"]["article"]["brought"] == "copied"
    assert [each["seen_at"][:4] for each in found["revisions"]] == ["2019", "2020"]
    (warc,) = (archive / "warc").rglob("*.gz")
    records = gzip.decompress(warc.read_bytes())
    assert records.count(b"Dibao-Brought: copied") == 6
    assert HTTP + DEARER[2] in records
    assert (
        subprocess.run([Path(sys.executable).with_name("warcio"), "check", warc], check=False).returncode == 0
    )
    assert site.asked == []


def test_of_a_warc_file_one_page_can_be_kept(archive: Path, site: Site, tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(foreign(site, ("/1", FERRY[2], THEN), ("/2", DEARER[2], THEN)))
    assert [each["url"] for each in keep(archive, file, "--url", f"{site.url}/2")] == [f"{site.url}/2"]
    with pytest.raises(ConfigError, match="holds no page of"):
        run("keep", file, "--url", f"{site.url}/3", "-A", archive)


def test_an_older_copy_makes_no_version_after_a_newer_one(archive: Path, site: Site, tmp_path: Path) -> None:
    keep(archive, f"{site.url}/1")
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(foreign(site, ("/1", DEARER[2], THEN)))
    (told,) = keep(archive, file)
    assert "older" in told["error"]
    assert told["captured"]
    assert totals(archive)["revisions"] == 1


def test_what_stands_before_damage_is_kept(archive: Path, site: Site, tmp_path: Path) -> None:
    whole = foreign(site, ("/1", FERRY[2], THEN), ("/2", DEARER[2], THEN))
    (tmp_path / "torn.warc.gz").write_bytes(whole[:-40])
    with pytest.raises(ConfigError, match="damaged"):
        run("keep", tmp_path / "torn.warc.gz", "--json", "-A", archive)
    assert totals(archive)["articles"] == 1


def test_what_was_brought_and_not_settled_is_settled_by_the_next_run(
    archive: Path, site: Site, workers: Workers
) -> None:
    url = f"{site.url}/1"
    with opened(archive) as it:
        now = it.clock.now()
        visit = visit_of(it, url, None)
        capture = Capture(url=visit.url, final_url=url, captured_at=now, brought=Brought.SAVED)
        page = replace(capture, body=FERRY[2], headers=(("Content-Type", "text/html"),))
        it.archive.bring(visit, page, [resource(page, FERRY[2], "text/html")], now)
    with opened(archive) as it:
        assert [len(outcome.revisions) for outcome in engine.recover(it.archive, workers)] == [1]
        (kept,) = it.library.kept(it.library.keys())
        assert kept.latest.article.brought is Brought.SAVED
        assert list(engine.recover(it.archive, workers)) == []
        (warc,) = (archive / "warc").rglob("*.gz")
        (found,) = captures(archive, warc.relative_to(archive).as_posix())
        assert found.body == FERRY[2]


def test_the_source_of_kept_pages_has_no_address_and_stays_out_of_lists(archive: Path, site: Site) -> None:
    keep(archive, f"{site.url}/1")
    assert "dibao:kept" not in run("export", "opml", "-", "-A", archive)[1]
    with pytest.raises(ConfigError, match="page by page"):
        run("sources", "edit", "Kept pages", "--every", "30m", "-A", archive)
    run("sources", "edit", "Kept pages", "--name", "Clippings", "-A", archive)
    run("sources", "remove", "Clippings", "-A", archive)
    keep(archive, f"{site.url}/1")
    assert json.loads(run("sources", "--json", "-A", archive)[1])[0]["state"] == "active"
    assert shown(archive, f"{site.url}/1")["shown"]["source"]["name"] == "Clippings"


def test_a_page_is_filed_under_the_source_one_names(archive: Path, site: Site) -> None:
    site.pages["/feed"] = rss(("別的消息", f"{site.url}/other", "摘要"))
    run("add", f"{site.url}/feed", "-A", archive)
    keep(archive, f"{site.url}/1", "--source", "1")
    assert shown(archive, f"{site.url}/1")["shown"]["source"]["name"] == "青楓社"
    assert len(json.loads(run("sources", "--json", "-A", archive)[1])) == 1


def test_the_pictures_of_a_kept_page_come_with_the_next_sync(
    archive: Path, site: Site, tmp_path: Path
) -> None:
    site.pages["/boat.png"] = 200, "image/png", picture("PNG", (640, 480))
    page = FERRY[2].replace(
        b"</h1>", b'</h1><p><img src="/boat.png" alt="boat" width="640" height="480"></p>'
    )
    keep(archive, saved(tmp_path, site, page))
    assert site.asked == []
    run("sync", "--no-wait", "-A", archive)
    assert site.count("/boat.png") == 1
    assert site.count("/1") == 0


def test_a_saved_page_does_not_bring_back_what_was_removed(archive: Path, site: Site, tmp_path: Path) -> None:
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "摘要"))
    clock = SteppingClock(datetime(2026, 3, 4, 8, tzinfo=UTC))
    with opened(archive, clock=clock) as it:
        subscribe(it, f"{site.url}/feed", {})
        for _ in range(3):
            list(walk(it))
            del site.pages["/1"]
            site.pages["/1"] = 410, "text/plain", b"removed"
            clock.sleep(7 * 86400)
    assert totals(archive)["gone"] == 1
    (told,) = keep(archive, saved(tmp_path, site, DEARER[2]))
    assert "does not bring it back" in told["error"]
    assert (told["captured"], totals(archive)["gone"]) == (True, 1)


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_at_all_are_one_page(data: bytes, is_mhtml: bool) -> None:
    head = b"Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html"
    file = unfold(head + data if is_mhtml else data)
    assert isinstance(file.page, bytes)
    assert file.url is None or file.url.startswith("http")


def journal(archive: Path) -> list[str]:
    """Return what the journal tells."""
    lines = [
        line for file in (archive / "journal").glob("*") for line in file.read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["action"] for line in lines]


def test_a_page_that_could_not_be_had_is_not_said_to_be_kept(archive: Path, site: Site) -> None:
    code, told = run("keep", "http://nobody.example/1", "--no-publish", "--json", "-A", archive)
    assert code == ConfigError.exit_code
    assert json.loads(told)[0]["came"] is False
    assert "page kept" not in journal(archive)
    status = run("status", "-A", archive)[1]
    assert "Kept pages" not in status
    assert "No sources yet" in status

    keep(archive, f"{site.url}/1")
    assert journal(archive).count("page kept") == 1
    (row,) = [line for line in run("status", "-A", archive)[1].splitlines() if "Kept pages" in line]
    assert "never" not in row
    assert "good" not in row
