"""The commands, as a person types them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dibao.cli.app import app
from dibao.errors import ConfigError, DibaoError
from tests.flow.loopback import make_archive
from tests.flow.servers import Site, article, rss, serving

HOME = b"""<html><head><title>Qing Feng</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/feed">
<link rel="alternate" type="application/atom+xml" title="Sport" href="/sport"></head><body>hello</body>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.pages["/"] = 200, "text/html", HOME
        running.pages["/feed"] = rss(
            ("渡輪調價", f"{running.url}/1", "摘要"), ("書展", f"{running.url}/2", "摘要")
        )
        running.pages["/1"] = article("渡輪調價", "青港渡輪公司宣布四月起調整票價。")
        running.pages["/2"] = article("書展", "市立圖書館前的廣場擺出一百個書攤。")
        yield running


@pytest.fixture
def archive(tmp_path: Path, site: Site) -> Path:
    return make_archive(tmp_path / "archive", site.port)


def dibao(*arguments: object) -> str:
    """Run a command and return what it prints as facts; its errors are raised."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if isinstance(result.exception, DibaoError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_from_nothing_to_a_kept_article_in_three_commands(tmp_path: Path, site: Site) -> None:
    folder = tmp_path / "news"
    dibao("init", folder, "--title", "我的報紙")
    settings = folder / "dibao.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(
            "[fetch]", f'[fetch]\npause = 0\nallow_private = ["127.0.0.1:{site.port}"]'
        ),
        encoding="utf-8",
    )
    dibao("add", f"{site.url}/feed", "-A", folder)
    assert "2 new" in dibao("sync", "-A", folder)
    assert "渡輪調價" in (folder / "site" / "index.html").read_text(encoding="utf-8")
    assert len(list((folder / "posts").rglob("*.md"))) == 2


def test_adding_asks_a_feed_once_and_its_page_once(archive: Path, site: Site) -> None:
    said = dibao("add", f"{site.url}/", "-A", archive)
    assert "青楓社" in said
    assert "渡輪調價" in said
    assert f"{site.url}/sport" in said
    dibao("sync", "-A", archive)
    assert (site.count("/"), site.count("/feed"), site.count("/1")) == (1, 1, 1)


def test_a_page_without_a_feed_is_refused_with_advice(archive: Path, site: Site) -> None:
    with pytest.raises(ConfigError, match="neither a feed nor a page"):
        dibao("add", f"{site.url}/1", "-A", archive)
    assert json.loads(dibao("sources", "--json", "-A", archive)) == []


def test_a_private_address_is_refused_with_advice(archive: Path) -> None:
    with pytest.raises(ConfigError, match="allow_private"):
        dibao("add", "http://127.0.0.1:9/feed", "-A", archive)


def test_a_server_with_a_bad_day_is_subscribed_all_the_same(archive: Path, site: Site) -> None:
    site.pages["/down"] = 503, "text/plain", b"later"
    said = json.loads(dibao("add", f"{site.url}/down", "--json", "-A", archive))
    assert (said["new"], said["trouble"]) == (True, "the server answered 503")


@pytest.mark.parametrize("url", ["not a url", "file:///etc/passwd", "http://", "http://[bad"])
def test_what_is_no_address_is_refused(archive: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="not a web address"):
        dibao("add", url, "-A", archive)


def test_a_folder_that_is_no_archive_is_an_error_in_words(tmp_path: Path) -> None:
    for command in (("sync",), ("status",), ("publish",), ("sources",), ("serve",), ("config",)):
        with pytest.raises(ConfigError, match="dibao init"):
            dibao(*command, "-A", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_init_never_overwrites(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    for folder in (archive, tmp_path / "full"):
        with pytest.raises(ConfigError):
            dibao("init", folder)


def test_sources_are_edited_paused_found_and_removed(archive: Path, site: Site) -> None:
    dibao("add", f"{site.url}/feed", "-A", archive)
    dibao("sources", "edit", "1", "--name", "新名", "--every", "2h", "--category", "地方", "-A", archive)
    (source,) = json.loads(dibao("sources", "find", "地方", "--json", "-A", archive))
    assert (source["name"], source["every"]) == ("新名", 7200)
    dibao("sources", "pause", "新名", "-A", archive)
    assert json.loads(dibao("sources", "--json", "-A", archive))[0]["state"] == "paused"
    dibao("sources", "resume", "1", "-A", archive)
    dibao("sources", "remove", "1", "-A", archive)
    assert json.loads(dibao("sources", "--json", "-A", archive)) == []


def test_polling_more_often_than_is_polite_is_refused(archive: Path, site: Site) -> None:
    with pytest.raises(ConfigError, match="15m is the least"):
        dibao("add", f"{site.url}/feed", "--every", "1m", "-A", archive)


def test_lists_come_in_and_go_out(archive: Path, site: Site, tmp_path: Path) -> None:
    listed = tmp_path / "subs.json"
    listed.write_text(
        json.dumps([{"site": "(港)海風", "url": f"{site.url}/feed"}, {"site": "x", "url": "file:///x"}])
    )
    said = json.loads(dibao("import", listed, "--json", "-A", archive))
    assert (said["added"], len(said["refused"])) == (1, 1)
    dibao("export", "opml", tmp_path / "out.opml", "-A", archive)
    again = make_archive(tmp_path / "again", site.port)
    dibao("import", tmp_path / "out.opml", "-A", again)
    (before,), (after,) = (json.loads(dibao("sources", "--json", "-A", each)) for each in (archive, again))
    assert (
        (before["name"], before["url"]) == (after["name"], after["url"]) == ("(港)海風", f"{site.url}/feed")
    )
    assert site.asked == []


def test_status_says_why_an_article_is_only_an_excerpt_and_what_to_do(archive: Path, site: Site) -> None:
    site.pages["/2"] = 403, "text/plain", b"no"
    dibao("add", f"{site.url}/feed", "-A", archive)
    dibao("sync", "-A", archive)
    (partial,) = json.loads(dibao("status", "--json", "-A", archive))["partial"]
    assert (partial["title"], partial["why"]) == ("書展", "the server answered 403")
    assert "asked again" in partial["advice"]
    assert "書展" in dibao("status", "-A", archive)


def test_show_finds_an_article_by_address_and_by_key(archive: Path, site: Site) -> None:
    dibao("add", f"{site.url}/feed", "-A", archive)
    dibao("sync", "-A", archive)
    shown = json.loads(dibao("show", f"{site.url}/1?utm_source=x", "--json", "-A", archive))
    assert shown["shown"]["article"]["title"] == "渡輪調價"
    assert "青港渡輪公司" in dibao("show", shown["key"][:8], "-A", archive)
    assert "<h1>渡輪調價</h1>" in dibao("show", shown["key"], "--raw", "-A", archive)
    with pytest.raises(ConfigError, match="No article"):
        dibao("show", "zzzz", "-A", archive)
    with pytest.raises(ConfigError, match="versions 1 to 1"):
        dibao("show", shown["key"], "--revision", "7", "-A", archive)


def test_sync_of_one_source_asks_it_now_and_no_other(archive: Path, site: Site) -> None:
    site.pages["/other"] = rss(title="別報")
    dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    dibao("add", f"{site.url}/other", "--unchecked", "-A", archive)
    facts = json.loads(dibao("sync", "--source", "1", "--json", "-A", archive))
    assert (facts["polls"], site.count("/feed"), site.count("/other")) == (1, 2, 0)


def test_posts_are_exported_in_both_styles(archive: Path, site: Site, tmp_path: Path) -> None:
    dibao("add", f"{site.url}/feed", "--feed-only", "-A", archive)
    for style in ("clean", "seed"):
        dibao("export", "posts", tmp_path / style, "--style", style, "-A", archive)
        assert len(list((tmp_path / style).rglob("*.md"))) == 2
    with pytest.raises(ConfigError, match="say clean or seed"):
        dibao("export", "posts", tmp_path / "x", "--style", "fancy", "-A", archive)


@pytest.mark.parametrize(
    ("form", "sign"), [("json", '"title"'), ("text", "廣場"), ("html", "<p>"), ("markdown", "# 書展")]
)
def test_one_page_is_extracted_without_an_archive(form: str, sign: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(article("書展", "廣場擺出一百個書攤。")[2])
    assert sign in dibao("extract", page, "--url", "http://wire.test/2", "--format", form)


def test_extract_says_when_there_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html></html>")
    with pytest.raises(ConfigError, match="no article"):
        dibao("extract", tmp_path / "page.html")
    with pytest.raises(ConfigError, match="can't be read"):
        dibao("extract", tmp_path / "missing.html")


def test_config_shows_values_and_their_environment_and_no_secret(archive: Path) -> None:
    with (archive / "dibao.toml").open("a") as file:
        file.write('[fetch.headers."wire.test"]\nX-Key = "s3cret"\n')
    said = dibao("config", "-A", archive)
    assert "DIBAO_FETCH__PAUSE" in said
    assert "s3cret" not in said


def commands() -> list[list[str]]:
    """Return every command there is."""
    import typer.main

    def below(command: object, path: list[str]) -> Iterator[list[str]]:
        yield path
        for name, child in getattr(command, "commands", {}).items():
            yield from below(child, [*path, name])

    return list(below(typer.main.get_command(app), []))


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    said = dibao(*command, "--help")
    assert "Usage:" in said
    assert len(said.split()) > 12


def test_the_login_of_a_proxy_is_not_shown(tmp_path: Path) -> None:
    more = '[fetch.proxy]\n"*" = "http://me:pass-word@127.0.0.1:3128"\n'
    archive = make_archive(tmp_path / "archive", more=more)
    assert "pass-word" not in dibao("config", "-A", archive)
    shown = json.loads(dibao("config", "-A", archive, "--json"))["fetch"]["proxy"]
    assert shown == {"*": "http://[redacted]@127.0.0.1:3128"}


def test_where_no_archive_is_the_folder_is_named_whole_and_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=rf"{re.escape(str(tmp_path))} is not .*`dibao init \.`"):
        dibao("status")
    (tmp_path / "notes.txt").touch()  # an archive is made in an empty folder
    with pytest.raises(ConfigError, match=rf"{re.escape(str(tmp_path))} is not .*`dibao init my-archive`"):
        dibao("status")
    with pytest.raises(ConfigError, match=r"new one is not .*`dibao init 'new one'`"):
        dibao("status", "-A", "new one")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("export opml {here}", "is a folder, and a file is written here. Say for example"),
        ("status --report {here}", "is a folder, and a file is written here. Say for example"),
        ("keep {here}", "is a folder. Name one page, a WARC file, or an address."),
        ("export posts {here}/dibao.toml", "dibao.toml: it is a file, and a folder is needed there"),
    ],
)
def test_a_folder_for_a_file_and_a_file_for_a_folder_are_told_with_what_to_do(
    archive: Path, command: str, said: str
) -> None:
    with pytest.raises(DibaoError, match=re.escape(said)):
        dibao(*command.format(here=archive).split(), "-A", archive)
    assert (archive / "dibao.toml").is_file()


def test_an_empty_name_is_no_page_to_keep(archive: Path) -> None:
    with pytest.raises(ConfigError, match="An empty name is no page"):
        dibao("keep", "", "-A", archive)
