"""What subscribing asks of a server, and what it tells a person before it does."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dibao.cli.add
from dibao.archive.folder import walking
from dibao.cli.app import app
from dibao.clock import SteppingClock
from dibao.errors import ConfigError
from dibao.feeds.catalogue import named
from dibao.finding import Answer
from dibao.subscribe import change, subscribe
from dibao.wiring import Opened, opened
from tests.flow.conftest import START
from tests.flow.loopback import Names, make_archive
from tests.flow.servers import Site, rss
from tests.flow.test_cli import dibao as run

HTML = "text/html; charset=utf-8"
PEOPLE = "/rss/politics.xml"  # at www.people.com.cn, one of the few in the catalogue without encryption


def asked(site: Site) -> list[str]:
    return [path for path, _ in site.asked]


def page(*parts: str) -> tuple[int, str, bytes]:
    return 200, HTML, "".join(parts).encode()


def news(site: Site) -> tuple[int, str, bytes]:
    return rss(*((f"第{n}則", f"{site.url}/{n}", "摘要") for n in range(1, 6)))


# --- how much is asked ------------------------------------------------------------------------------


def test_a_feed_is_asked_once(it: Opened, site: Site) -> None:
    site.pages["/feed"] = news(site)
    assert subscribe(it, f"{site.url}/feed", {}).announced == 5
    assert asked(site) == ["/feed"]


def test_a_page_is_asked_once_and_the_feed_it_names_once(it: Opened, site: Site) -> None:
    site.pages["/"] = page(
        '<link rel="alternate" type="application/rss+xml" href="/feed"><a href="/b.rss">RSS</a>'
    )
    site.pages["/feed"] = site.pages["/b.rss"] = news(site)
    added = subscribe(it, f"{site.url}/", {})
    assert (added.source.url, added.others) == (f"{site.url}/feed", (f"{site.url}/b.rss",))
    assert asked(site) == ["/", "/feed"]


def test_where_the_address_says_all_the_page_is_not_asked(it: Opened, site: Site) -> None:
    site.pages["/@outlet.rss"] = news(site)
    assert subscribe(it, f"{site.url}/@outlet", {}).source.url == f"{site.url}/@outlet.rss"
    assert asked(site) == ["/@outlet.rss"]


def test_where_the_address_only_seemed_to_say_it_the_page_is_asked_after_all(it: Opened, site: Site) -> None:
    site.pages["/@outlet"] = page('<link rel="feed" href="/@outlet.rss"><link rel="feed" href="/f">')
    site.pages["/f"] = news(site)
    assert subscribe(it, f"{site.url}/@outlet", {}).source.url == f"{site.url}/f"
    assert asked(site) == ["/@outlet.rss", "/@outlet", "/f"]


def test_a_rule_finds_the_feed_of_a_page_that_names_none(it: Opened, site: Site) -> None:
    site.pages["/about"] = page('<meta name="generator" content="WordPress 6.8">')
    site.pages["/feed/"] = news(site)
    assert subscribe(it, f"{site.url}/about", {}).source.url == f"{site.url}/feed/"
    assert asked(site) == ["/about", "/feed/"]


def test_a_dead_feed_that_a_page_names_costs_one_question_and_the_next_is_taken(
    it: Opened, site: Site
) -> None:
    site.pages["/"] = page("".join(f'<link rel="feed" href="/f{n}">' for n in range(9)))
    site.pages["/f1"] = page("no feed")
    site.pages["/f2"] = news(site)
    assert subscribe(it, f"{site.url}/", {}).source.url == f"{site.url}/f2"
    assert asked(site) == ["/", "/f0", "/f1", "/f2"]


def test_of_many_dead_feeds_three_are_tried(it: Opened, site: Site) -> None:
    site.pages["/"] = page("".join(f'<link rel="feed" href="/f{n}">' for n in range(9)))
    with pytest.raises(ConfigError, match=r"links to .*/f0 as its feed, but that is none"):
        subscribe(it, f"{site.url}/", {})
    assert asked(site) == ["/", "/f0", "/f1", "/f2"]
    assert it.sources.all() == []


def test_a_named_feed_whose_server_has_a_bad_day_is_subscribed(it: Opened, site: Site) -> None:
    site.pages["/"] = page('<link rel="feed" href="/f0"><link rel="feed" href="/f1">')
    site.pages["/f0"] = 503, "text/plain", b"later"
    added = subscribe(it, f"{site.url}/", {})
    assert (added.source.url, added.trouble) == (f"{site.url}/f0", "the server answered 503")


def test_a_page_that_names_itself_is_not_asked_again(it: Opened, site: Site) -> None:
    site.pages["/feed"] = page('<link rel="feed" href="/feed">')
    with pytest.raises(ConfigError, match="neither a feed nor a page"):
        subscribe(it, f"{site.url}/feed", {})
    assert asked(site) == ["/feed"]


def test_a_site_that_is_known_to_have_no_feeds_is_not_asked(it: Opened, site: Site) -> None:
    with pytest.raises(ConfigError, match="Telegram has no feeds"):
        subscribe(it, "https://t.me/s/outlet", {})


# --- guesses ----------------------------------------------------------------------------------------


def test_nothing_is_guessed_unless_a_person_wants_it(it: Opened, site: Site) -> None:
    site.pages["/"] = page("hello")
    site.pages["/rss.xml"] = news(site)
    with pytest.raises(ConfigError, match="--guess"):
        subscribe(it, f"{site.url}/", {})
    assert asked(site) == ["/"]


def test_guesses_are_made_one_by_one_until_one_is_a_feed(it: Opened, site: Site) -> None:
    site.pages["/"] = page("hello")
    site.pages["/rss"] = page("no feed either")
    site.pages["/rss.xml"] = news(site)
    assert subscribe(it, f"{site.url}/", {}, guess=True).source.url == f"{site.url}/rss.xml"
    assert asked(site) == ["/", "/feed", "/rss", "/rss.xml"]


def test_guesses_end_with_words_when_there_is_nothing(it: Opened, site: Site) -> None:
    site.pages["/"] = page("hello")
    with pytest.raises(ConfigError, match="nor is one where feeds often stand"):
        subscribe(it, f"{site.url}/", {}, guess=True)
    assert len(asked(site)) == len(set(asked(site))) == 11


def test_guessing_ends_when_the_host_wants_to_be_left_alone(it: Opened, site: Site) -> None:
    site.pages["/"] = page("hello")
    site.pages["/rss"] = 429, "text/plain", b"stop"
    with pytest.raises(ConfigError):
        subscribe(it, f"{site.url}/", {}, guess=True)
    assert asked(site) == ["/", "/feed", "/rss"]


def test_a_wish_heard_by_an_add_that_fails_is_kept(it: Opened, site: Site) -> None:
    site.pages["/"] = page("hello")
    site.pages["/rss"] = 429, "text/plain", b"stop"
    with pytest.raises(ConfigError):
        subscribe(it, f"{site.url}/", {}, guess=True)
    assert "asked to be left alone" in str(subscribe(it, f"{site.url}/other", {}).trouble)
    assert asked(site) == ["/", "/feed", "/rss"]
    (hold,) = it.library.holds(START)
    assert (hold.host, hold.status, hold.times) == (f"127.0.0.1:{site.port}", 429, 1)


def test_a_wish_heard_beside_a_running_sync_is_kept(it: Opened, site: Site) -> None:
    site.pages["/a"] = site.pages["/b"] = 429, "text/plain", b"stop"
    with walking(it.folder):
        subscribe(it, f"{site.url}/a", {})
        with opened(it.folder, clock=it.clock) as other:
            subscribe(other, f"{site.url}/b", {})
    assert asked(site) == ["/a"]
    (hold,) = it.library.holds(START)
    assert (hold.status, hold.times) == (429, 1)


def test_guessing_at_an_address_that_is_wrong_says_what_is_wrong(it: Opened, site: Site) -> None:
    with pytest.raises(ConfigError, match="allow_private"):
        subscribe(it, "http://127.0.0.2:9/", {}, guess=True)
    site.pages["/feed"] = news(site)
    assert subscribe(it, f"{site.url}/gone", {}, guess=True).source.url == f"{site.url}/feed"


def test_a_page_that_is_refused_may_still_have_a_feed_beside_it(it: Opened, site: Site) -> None:
    site.pages["/"] = 403, "text/plain", b"no"
    site.pages["/feed"] = news(site)
    assert subscribe(it, f"{site.url}/", {}, guess=True).source.url == f"{site.url}/feed"


# --- what is shown before ---------------------------------------------------------------------------


def test_headlines_are_shown_before_anything_is_subscribed(it: Opened, site: Site) -> None:
    site.pages["/feed"] = news(site)
    shown: list[tuple[tuple[str, ...], int]] = []

    def show(found: Answer) -> None:
        shown.append((found.titles, len(it.sources.all())))

    subscribe(it, f"{site.url}/feed", {}, show=show)
    assert shown == [(("第1則", "第2則", "第3則"), 0)]


def test_what_breaks_while_it_is_shown_subscribes_nothing(it: Opened, site: Site) -> None:
    site.pages["/feed"] = news(site)

    def stop(found: Answer) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subscribe(it, f"{site.url}/feed", {}, show=stop)
    assert it.sources.all() == []


def test_add_prints_the_headlines_and_then_that_it_added(tmp_path: Path, site: Site) -> None:
    site.pages["/feed"] = news(site)
    archive = make_archive(tmp_path / "archive", site.port)
    said = run("add", f"{site.url}/feed", "-A", archive)
    assert said.index("第1則") < said.index("第3則") < said.index("Added 1")
    assert "第4則" not in said


# --- the catalogue ----------------------------------------------------------------------------------


@contextmanager
def people(tmp_path: Path, site: Site) -> Iterator[Opened]:
    """Open an archive for which www.people.com.cn is the test's server."""
    folder = make_archive(tmp_path / "people", site.port)
    names = Names(www_people_com_cn=site.port)
    with opened(folder, clock=SteppingClock(START), resolver=names) as it:
        yield it


def test_an_outlet_is_added_by_its_name_with_what_the_catalogue_knows(tmp_path: Path, site: Site) -> None:
    site.pages[PEOPLE] = news(site)
    with people(tmp_path, site) as it:
        added = subscribe(it, "人民網", {"category": None, "tags": (), "every": 7200})
    source = added.source
    assert (source.name, source.url) == ("人民网 时政", f"http://www.people.com.cn{PEOPLE}")
    assert (source.region, source.timezone, source.language) == ("CN", "Asia/Shanghai", "zh-Hans")
    assert (source.category, source.every, added.outlet) == ("politics", 7200, named("people"))
    assert asked(site) == [PEOPLE]


def test_a_wish_heard_at_an_address_of_the_catalogue_is_kept(tmp_path: Path, site: Site) -> None:
    site.pages[PEOPLE] = 429, "text/plain", b"stop"
    with people(tmp_path, site) as it:
        for why in ("the server answered 429", "asked to be left alone"):
            with pytest.raises(ConfigError, match=why):
                subscribe(it, "people", {})
        assert asked(site) == [PEOPLE]
        assert [hold.host for hold in it.library.holds(START)] == ["www.people.com.cn"]


def test_a_section_of_an_outlet_is_added_by_name_and_a_wish_counts_for_more(
    tmp_path: Path, site: Site
) -> None:
    site.pages["/rss/world.xml"] = news(site)
    with people(tmp_path, site) as it:
        source = subscribe(it, "people:world", {"name": "人民", "category": "外國"}).source
    assert (source.name, source.category, source.region) == ("人民", "外國", "CN")
    assert asked(site) == ["/rss/world.xml"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((404, "text/plain", b"gone"), "the server answered 404"),
        ((503, "text/plain", b"later"), "the server answered 503"),
        ((200, HTML, b'<link rel="feed" href="/elsewhere">'), "no feed"),
    ],
)
def test_a_dead_entry_of_the_catalogue_is_not_subscribed(
    tmp_path: Path, site: Site, answer: tuple[int, str, bytes], why: str
) -> None:
    site.pages[PEOPLE] = answer
    with people(tmp_path, site) as it:
        with pytest.raises(ConfigError) as caught:
            subscribe(it, "people", {})
        assert it.sources.all() == []
    said = str(caught.value)
    assert [part in said for part in (why, "2026-11-24 and was never checked", "people:国际")] == [True] * 3
    assert asked(site) == [PEOPLE]


def test_a_dead_entry_may_be_added_unasked(tmp_path: Path, site: Site) -> None:
    with people(tmp_path, site) as it:
        assert subscribe(it, "people", {}, check=False).source.region == "CN"
    assert asked(site) == []


def test_add_says_that_nobody_checked_the_catalogue_and_names_the_other_feeds(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages[PEOPLE] = news(site)
    there = functools.partial(opened, resolver=Names(www_people_com_cn=site.port))
    monkeypatch.setattr(dibao.cli.add, "opened", there)
    archive = make_archive(tmp_path / "archive", site.port)
    said = run("add", "people", "-A", archive)
    assert said.index("From the catalogue of 2026-11-24; not checked live") < said.index("第1則")
    assert said.index("第3則") < said.index("Added 1 人民网 时政")
    assert "people:国际" in said.partition("It has more feeds")[2]
    found = run("sources", "find", "人民", "-A", archive)
    assert "active" in found.partition("In the catalogue")[0]
    assert "not subscribed" in found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("cnaa", "no outlet of the catalogue is called that"),
        ("cna:gardening", "has no feed 'gardening'.*cna:國際"),
        ("hk01", "No open feed is known.*https://www.hk01.com/"),
    ],
)
def test_what_the_catalogue_does_not_have_is_said(it: Opened, words: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        subscribe(it, words, {})


def test_the_catalogue_is_searched_without_an_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("sources", "find", "中央通讯社")
    assert ["cna" in said, "not subscribed" in said, "dibao add cna" in said] == [True] * 3
    assert "No source fits" in run("sources", "find", "no such outlet")
    assert json.loads(run("sources", "find", "cna", "--json")) == []
    with pytest.raises(ConfigError, match="dibao init"):
        run("sources", "find", "cna", "-A", tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_the_catalogue_is_listed_whole_by_place_and_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("sources", "catalogue", "--region", "tw")
    assert ["cna" in said, "rthk" in said, "none checked live" in said] == [True, False, True]
    whole: list[dict[str, Any]] = json.loads(run("sources", "catalogue", "--json"))
    assert len(whole) >= 100
    assert whole[0]["checked"] is None
    (mingpao,) = json.loads(run("sources", "catalogue", "ming pao", "--json"))
    assert mingpao["timezone"] == "Asia/Hong_Kong"
    assert "No outlet" in run("sources", "catalogue", "--region", "AQ")


# --- lists ------------------------------------------------------------------------------------------


def test_addresses_in_ones_own_network_are_left_out_of_a_list(tmp_path: Path, site: Site) -> None:
    listed = tmp_path / "list.opml"
    addresses = (
        "http://127.0.0.2:80/feed",
        "http://[::1]/feed",
        "http://169.254.169.254/",
        f"{site.url}/feed",
    )
    outlines = "".join(f'<outline text="n{n}" xmlUrl="{url}"/>' for n, url in enumerate(addresses))
    listed.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
    archive = make_archive(tmp_path / "archive", site.port)
    said = json.loads(run("import", listed, "--json", "-A", archive))
    assert (said["added"], [reason[1:3] for reason in said["refused"]]) == (1, ["n0", "n1", "n2"])
    assert "allow_private" in said["refused"][0]


def test_no_secret_of_a_list_is_written_down(tmp_path: Path, site: Site) -> None:
    listed = tmp_path / "list.opml"
    outline = (
        f'<outline xmlUrl="http://u:hunter2pass@127.0.0.1:{site.port}/f?token=tok3n-abc&amp;a=1" '
        f'htmlUrl="http://127.0.0.1:{site.port}/?token=tok3n-abc" description="token of the page"/>'
    )
    listed.write_text(f'<opml version="2.0"><body>{outline}</body></opml>', encoding="utf-8")
    archive = make_archive(tmp_path / "archive", site.port)
    run("import", listed, "-A", archive)
    run("export", "opml", tmp_path / "out.opml", "-A", archive)
    files = [path for path in (*archive.rglob("*"), tmp_path / "out.opml") if path.is_file()]
    holding = {
        path.name
        for path in files
        for secret in (b"hunter2pass", b"tok3n-abc")
        if secret in path.read_bytes()
    }
    assert holding == {"secrets.json"}
    assert b'description="token of the page"' in (tmp_path / "out.opml").read_bytes()


def test_a_long_list_comes_in_once_and_goes_out_with_all_it_said(tmp_path: Path, site: Site) -> None:
    listed = tmp_path / "list.opml"
    outlines = "".join(
        f'<outline text="n{n}" xmlUrl="https://a{n}.test/feed" htmlUrl="https://a{n}.test/"/>'
        for n in range(3000)
    )
    listed.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
    archive = make_archive(tmp_path / "archive", site.port)
    assert json.loads(run("import", listed, "--json", "-A", archive))["added"] == 3000
    assert json.loads(run("import", listed, "--json", "-A", archive))["known"] == 3000
    (journal,) = (archive / "journal").iterdir()
    assert len(journal.read_text(encoding="utf-8").splitlines()) == 3000
    run("export", "opml", tmp_path / "out.opml", "-A", archive)
    assert (tmp_path / "out.opml").read_text(encoding="utf-8").count('htmlUrl="https://a') == 3000
    assert site.asked == []


def test_a_feed_that_can_not_be_read_is_refused_with_the_reason(it: Opened, site: Site) -> None:
    site.pages["/feed"] = 200, "application/rss+xml", b'<rss version="2.0"><channel><item><title>a'[:-1]
    with pytest.raises(ConfigError, match="is a feed, but can't be read: cut off"):
        subscribe(it, f"{site.url}/feed", {})


def test_a_sitemap_takes_no_selector_and_stays_one(it: Opened, site: Site) -> None:
    place = f"<url><loc>{site.url}/1</loc><lastmod>2024-03-05</lastmod></url>"
    site.pages["/map.xml"] = 200, "application/xml", f"<urlset>{place}</urlset>".encode()
    added = subscribe(it, f"{site.url}/map.xml", {"kind": "sitemap"})
    with pytest.raises(ConfigError, match="a sitemap has none"):
        change(it, added.source, {"selector": "h2 a"})
    assert it.sources.find("1").kind == "sitemap"
    assert change(it, added.source, {"kind": "page", "selector": "h2 a"}).selector == "h2 a"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_import_of_which_nothing_can_be_taken_fails(options: tuple[str, ...], tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive", 80)
    listed = tmp_path / "list.opml"
    listed.write_text('<opml version="2.0"><body><outline xmlUrl="gopher://outlet.test/"/></body></opml>')
    result = CliRunner().invoke(app, ["import", str(listed), "-A", str(archive), *options])
    assert isinstance(result.exception, ConfigError)
    assert result.exception.exit_code == 2
    assert "could be subscribed" in str(result.exception)
    if options:
        said = json.loads(result.stdout)
        assert (said["added"], said["known"], len(said["refused"])) == (0, 0, 1)


LIST = '<opml version="2.0"><body><outline text="青楓社" xmlUrl="https://outlet.test/feed"/></body></opml>'


def test_a_list_comes_from_an_address_or_from_stdin(tmp_path: Path, site: Site) -> None:
    site.pages["/list.opml"] = 200, "text/x-opml", LIST.encode()
    archive = make_archive(tmp_path / "archive", site.port)
    said = run("import", f"{site.url}/list.opml", "-A", archive)
    assert "Added 1 source" in said
    assert site.count("/list.opml") == 1
    other = make_archive(tmp_path / "other", site.port)
    result = CliRunner().invoke(app, ["import", "-", "-A", str(other)], input=LIST)
    assert "Added 1 source" in result.stdout


def test_a_list_at_an_address_passes_the_same_guard_as_all_else(tmp_path: Path, site: Site) -> None:
    site.pages["/list.opml"] = 200, "text/x-opml", LIST.encode()
    archive = make_archive(tmp_path / "archive", 80)
    result = CliRunner().invoke(app, ["import", f"{site.url}/list.opml", "-A", str(archive)])
    assert isinstance(result.exception, ConfigError)
    assert "can't be had: blocked" in str(result.exception)
    assert site.asked == []
