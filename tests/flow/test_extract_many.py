"""`dibao extract`: one page or many, from files, folders, WARC files and addresses."""

import gzip
import json
import os
import pty
import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dibao.archive.rulefiles import Places
from dibao.cli.app import app
from dibao.errors import ConfigError
from dibao.workers import Workers
from tests.flow.servers import Site, article, serving

pytestmark = pytest.mark.slow
HARBOUR = article("渡輪調價", "青港渡輪公司宣布四月起調整票價。")[2]
FAIR = article("書展", "市立圖書館前的廣場擺出一百個書攤。")[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of two pages, one gzipped, and one without an article."""
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    (folder / "a.html").write_bytes(HARBOUR)
    (folder / "b.html").write_bytes(b"<html></html>")
    (folder / "below" / "c.htm.gz").write_bytes(gzip.compress(FAIR))
    (folder / "notes.txt").write_text("no page")
    return folder


def run(*arguments: object, given: bytes = b"") -> tuple[int, list[dict[str, Any]], str]:
    """Run the command and return its exit code, its lines, and what it complained of."""
    result = CliRunner().invoke(app, ["extract", *map(str, arguments)], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def titles(lines: list[dict[str, Any]]) -> list[str | None]:
    return [line["article"] and line["article"]["title"] for line in lines]


def warc(*pages: tuple[str, bytes], at: str = "2026-03-04T08:00:00Z") -> bytes:
    """Return a WARC file of pages that were captured at a time, a gzip member each."""
    records = b""
    for number, (url, body) in enumerate(pages):
        kind = "image/png" if url.endswith(".png") else "text/html; charset=utf-8"
        block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Target-URI: {url}\r\n"
            f"WARC-Date: {at}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        records += gzip.compress(head.encode() + block + b"\r\n\r\n")
    return records


def test_many_pages_are_told_in_their_order_and_a_bad_one_costs_no_other(folder: Path) -> None:
    code, lines, told = run(folder / "a.html", folder / "missing.html", folder)
    assert code == ConfigError.exit_code
    assert [Path(line["page"]).name for line in lines] == [
        "a.html",
        "missing.html",
        "a.html",
        "b.html",
        "c.htm.gz",
    ]
    assert titles(lines) == ["渡輪調價", None, "渡輪調價", None, "書展"]
    assert [line["error"] is None for line in lines] == [True, False, True, False, True]
    assert "missing.html: can't be read" in told
    assert "b.html: no article" in told


def test_the_exit_code_is_0_where_every_page_has_an_article(folder: Path) -> None:
    code, lines, _ = run(folder / "a.html", folder / "below", "-f", "text")
    assert code == 0
    assert [line["text"].split("\n")[0] for line in lines] == ["渡輪調價", "書展"]


def test_hundreds_of_pages_keep_their_order(tmp_path: Path) -> None:
    for number in range(200):
        words = "words " * (1000 if number % 20 == 0 else 1)
        page = article(f"Story {number}", f"The harbour ferries run again. {words}")[2]
        (tmp_path / f"{number:03}.html").write_bytes(page)
    code, lines, _ = run(tmp_path)
    assert code == 0
    assert titles(lines) == [f"Story {number}" for number in range(200)]


@pytest.mark.parametrize(
    ("form", "ending"), [("json", "json"), ("text", "txt"), ("html", "html"), ("markdown", "md")]
)
def test_a_file_is_written_for_each_article(folder: Path, tmp_path: Path, form: str, ending: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.html").write_bytes(FAIR)
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["extract", str(folder), str(other), "-f", form, "-o", str(out)])
    assert result.exit_code == ConfigError.exit_code
    assert "3 files written" in result.stdout
    names = sorted(path.name for path in out.iterdir() if not path.name.startswith("."))
    assert names == sorted([f"a.{ending}", f"c.{ending}", f"a~2.{ending}"])
    assert "票價" in (out / f"a.{ending}").read_text(encoding="utf-8")
    assert "書攤" in (out / f"a~2.{ending}").read_text(encoding="utf-8")


def test_what_came_of_pages_is_no_page_the_next_time(folder: Path) -> None:
    for _ in range(2):
        CliRunner().invoke(app, ["extract", str(folder), "-f", "html", "-o", str(folder / "read" / "once")])
        assert {path.name for path in (folder / "read").rglob("*.html")} == {"a.html", "c.html"}


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_pages_that_are_read_are_never_written_over(folder: Path, force: tuple[str, ...]) -> None:
    result = CliRunner().invoke(
        app, ["extract", str(folder / "a.html"), "-f", "html", "-o", str(folder), *force]
    )
    assert result.exit_code == ConfigError.exit_code
    assert "a.html is a page that is read" in result.stderr
    assert (folder / "a.html").read_bytes() == HARBOUR


def test_a_file_that_somebody_wrote_is_written_over_only_where_that_is_wished(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / "a.md"
    mine.write_text("my own notes")
    command = ["extract", str(folder / "a.html"), str(folder / "below"), "-f", "markdown", "-o"]
    result = CliRunner().invoke(app, [*command, str(tmp_path / "out")])
    assert result.exit_code == ConfigError.exit_code
    assert "a.md is there already and was left as it is. --force writes over it." in result.stderr
    assert mine.read_text() == "my own notes"
    assert "1 file written" in result.stdout  # the other page's

    result = CliRunner().invoke(app, [*command, str(tmp_path / "out"), "--force"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 file written" in result.stdout  # the other one stands there just so
    assert "票價" in mine.read_text(encoding="utf-8")


def test_a_file_where_a_folder_is_wanted_is_told_and_a_folder_where_a_file_is(
    folder: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "story.md"
    taken.write_text("my own notes")
    with pytest.raises(ConfigError, match=r"story.md is a file, and --output wants a folder"):
        run(folder / "a.html", "-o", taken)
    assert taken.read_text() == "my own notes"
    (tmp_path / "out" / "a.json").mkdir(parents=True)
    for force in ((), ("--force",)):
        result = CliRunner().invoke(
            app, ["extract", str(folder / "a.html"), "-o", str(tmp_path / "out"), *force]
        )
        assert result.exit_code == ConfigError.exit_code
        assert "a.json is a folder" in result.stderr


def test_names_that_a_disk_may_not_tell_apart_are_numbered(tmp_path: Path) -> None:
    for name in ("Harbour", "harbour", "caf\u00e9", "cafe\u0301", "harbour~2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.html").write_bytes(HARBOUR)
    result = CliRunner().invoke(app, ["extract", str(tmp_path), "-f", "text", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0
    names = {unicodedata.normalize("NFC", path.name).casefold() for path in (tmp_path / "out").iterdir()}
    assert len(names) == 5


def test_every_page_of_a_warc_file_is_read_where_it_stood(tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc.gz"
    pages = [
        ("http://wire.test/1", HARBOUR),
        ("http://wire.test/p.png", b"\x89PNG"),
        ("http://wire.test/2", FAIR),
    ]
    file.write_bytes(warc(*pages))
    code, lines, _ = run(file)
    assert (code, titles(lines)) == (0, ["渡輪調價", "書展"])
    assert [line["url"] for line in lines] == ["http://wire.test/1", "http://wire.test/2"]
    _, lines, _ = run(file, "--url", "http://wire.test/2")
    assert titles(lines) == ["書展"]
    result = CliRunner().invoke(app, ["extract", str(file), "-o", str(tmp_path / "out"), "-f", "text"])
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").glob("*.txt")) == [
        "wire.test-1.txt",
        "wire.test-2.txt",
    ]


@pytest.mark.parametrize(
    ("at", "doubt"), [("2020-03-04T08:00:00Z", "future"), ("2020-05-06T08:00:00Z", None)]
)
def test_dates_are_judged_against_the_time_at_which_a_warc_file_captured_the_page(
    tmp_path: Path, at: str, doubt: str | None
) -> None:
    meta = b'<meta property="article:published_time" content="2020-05-05T08:00:00Z">'
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(warc(("http://wire.test/1", HARBOUR.replace(b"<head>", b"<head>" + meta)), at=at))
    _, (line,), _ = run(file)
    assert line["article"]["published_doubt"] == doubt
    assert (line["article"]["published_at"] is None) == (doubt is not None)


def test_of_a_torn_warc_file_what_is_whole_is_told(tmp_path: Path) -> None:
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(warc(("http://wire.test/1", HARBOUR), ("http://wire.test/2", FAIR))[:-40])
    code, lines, told = run(file)
    assert code == ConfigError.exit_code
    assert titles(lines) == ["渡輪調價", None]
    assert "damaged" in told


def test_stdin_is_a_page_like_any_other(folder: Path) -> None:
    code, lines, _ = run("-", folder / "a.html", given=gzip.compress(FAIR))
    assert (code, titles(lines)) == (0, ["書展", "渡輪調價"])


def test_a_page_says_where_a_browser_saved_it_from(tmp_path: Path) -> None:
    line = b"<!-- saved from url=(0022)http://wire.test/far/1 -->"
    page = HARBOUR.replace("。".encode(), "。<a href='/near'>那裡</a>".encode(), 1)
    (tmp_path / "a.html").write_bytes(line + page)
    _, lines, _ = run(tmp_path)
    assert lines[0]["url"] == "http://wire.test/far/1"
    assert "http://wire.test/near" in lines[0]["article"]["html"]


def test_a_page_too_large_to_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b" " * 30_000_000))
    code, lines, _ = run(tmp_path)
    assert code == ConfigError.exit_code
    assert lines[0]["error"] == "larger than 20 MB"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.pages["/1"] = article("渡輪調價", "青港渡輪公司宣布四月起調整票價。")
        yield running


@pytest.mark.parametrize("where", ["file", "stdin", "address"])
def test_one_page_is_read_within_the_bounds_that_hold_for_many(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    heavy = HARBOUR.replace(b"</article>", b"<p>words</p>" * 50_000 + b"</article>")
    (tmp_path / "a.html").write_bytes(heavy)
    site.pages["/1"] = (200, "text/html; charset=utf-8", heavy)
    monkeypatch.setenv("DIBAO_FETCH__ALLOW_PRIVATE", f'["127.0.0.1:{site.port}"]')
    monkeypatch.setattr(Workers.__init__, "__kwdefaults__", {"deadline": 0.02, "rules": Places()})
    named = {"file": tmp_path / "a.html", "stdin": "-", "address": f"{site.url}/1"}
    with pytest.raises(ConfigError, match=r"reading it took more than 0.01 seconds$"):
        run(named[where], given=heavy)


def test_an_article_on_several_pages_is_had_whole_from_its_address(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIBAO_FETCH__ALLOW_PRIVATE", f'["127.0.0.1:{site.port}"]')
    onward = b'<link rel="next" href="/news/20260304-ferry/2"></head>'
    site.pages["/news/20260304-ferry"] = (
        200,
        "text/html; charset=utf-8",
        HARBOUR.replace(b"</head>", onward),
    )
    site.pages["/news/20260304-ferry/2"] = article("渡輪調價", "第二頁說的是渡輪公司的新船。")
    result = CliRunner().invoke(app, ["extract", f"{site.url}/news/20260304-ferry", "-f", "text"])
    assert result.exit_code == 0
    assert "調整票價" in result.stdout
    assert "新船" in result.stdout


def test_addresses_are_guarded_as_in_every_command(site: Site, folder: Path) -> None:
    code, lines, told = run(f"{site.url}/1", folder / "a.html")
    assert code == ConfigError.exit_code
    assert titles(lines) == [None, "渡輪調價"]
    assert "private" in told or "blocked" in told
    assert site.count("/1") == 0


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no page"):
        run(tmp_path)
    with pytest.raises(ConfigError, match="say json"):
        run(tmp_path, "-f", "pdf")


def test_ctrl_c_ends_it_at_once_and_cleanly(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.html").write_bytes(HARBOUR * 20)
    command = [sys.executable, "-m", "dibao", "extract", str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        process.stdout.read()
    assert process.returncode == 130
    assert "Traceback" not in told
    assert "Stopped" in told


def test_a_bar_on_the_terminal_keeps_out_of_what_is_written_to_a_file(folder: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dibao", "extract", str(folder)]
    with (tmp_path / "lines").open("wb") as lines:
        process = subprocess.Popen(command, stdout=lines, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux' way to say that nobody writes any more
        while said := os.read(ours, 65536):
            shown += said
    os.close(ours)
    assert process.wait() == ConfigError.exit_code
    assert len([json.loads(line) for line in (tmp_path / "lines").read_bytes().splitlines()]) == 3
    assert b"Reading" in shown
    assert b"3/3" in shown


def test_credits_are_taken_out_of_one_page_and_of_many_where_that_is_asked_for(tmp_path: Path) -> None:
    head, story, rest = HARBOUR.partition("<p>青港".encode())
    wire = head + "<p>（海風社記者林小舟青港4日電）青港".encode() + rest
    assert story
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_bytes(wire)
    one = CliRunner().invoke(app, ["extract", str(tmp_path / "a.html"), "--without-credits"])
    _, many, _ = run("--without-credits", tmp_path)
    _, as_they_are, _ = run(tmp_path)
    for found in (json.loads(one.stdout), *(line["article"] for line in many)):
        assert "海風社" not in found["text"] + found["html"]
        assert found["credits"]["reporters"] == ["林小舟"]
    assert all("海風社" in line["article"]["text"] for line in as_they_are)


def test_an_article_without_a_title_begins_with_its_text(tmp_path: Path) -> None:
    untitled = re.sub(rb"<(title|h1)>.*?</\1>", b"", HARBOUR)
    (tmp_path / "a.html").write_bytes(untitled)
    for form in ("text", "markdown"):
        said = CliRunner().invoke(app, ["extract", str(tmp_path / "a.html"), "-f", form]).stdout
        assert said.startswith("青港渡輪公司")


def test_a_title_is_no_markup_in_markdown(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HARBOUR.replace("渡輪調價".encode(), b"Up *and* down"))
    said = CliRunner().invoke(app, ["extract", str(tmp_path / "a.html"), "-f", "markdown"]).stdout
    assert said.startswith("# Up \\*and\\* down\n\n")


def test_pictures_that_are_left_out_for_want_of_an_address_are_told_once(tmp_path: Path) -> None:
    figure = b'<figure><img src="/ferry.jpg" width=640 height=400><figcaption>Here.</figcaption></figure>'
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    for each in pages:
        each.write_bytes(HARBOUR.replace(b"</p><p>", b"</p>" + figure + b"<p>", 1))
    told = "a.html: 1 picture without a full address left out. Say where such a page stood, with --url"
    one = CliRunner().invoke(app, ["extract", str(pages[0])])
    assert (one.exit_code, one.stderr.count("left out")) == (0, 1)
    assert told in one.stderr
    assert run(*pages)[2].count("left out") == 1
    _, lines, said = run(*pages, "--url", "http://wire.test/1")
    assert said == ""
    assert [line["article"]["media"][0]["url"] for line in lines] == ["http://wire.test/ferry.jpg"] * 2


def test_a_page_whose_other_pictures_alone_are_relative_says_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(HARBOUR.replace(b"<body>", b"<body><nav><img src=/logo.png></nav>"))
    assert run(tmp_path)[2] == ""


def test_why_a_page_has_no_article_is_said_once(folder: Path) -> None:
    for given, said in ((folder / "b.html", "b.html"), ("-", "stdin")):
        with pytest.raises(ConfigError, match=rf"{said}: no article in the page$"):
            run(given)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "An empty name is no page"),
        (("a.html", "--url", "nonsense"), "'nonsense' is no address. With --url say a whole one"),
        (("http://wire.test/1", "--url", "http://wire.test/2"), "an address says that by itself"),
        (("www.wire.test/1",), r"No such file or directory. \(An address begins with https://\)"),
    ],
)
def test_what_can_not_be_meant_is_refused_in_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(ConfigError, match=said):
        run(*arguments)
