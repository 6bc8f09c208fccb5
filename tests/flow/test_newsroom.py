"""The sample newsroom, asked over real HTTP."""

import asyncio
import gzip
import http.client
import io
import json
import re
import runpy
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from lxml import etree, html
from PIL import Image
from protego import Protego

import dibao
from dibao.errors import ConfigError
from dibao.newsroom import Newsroom, Outlet, samples_folder
from dibao.newsroom.content import read_outlets, read_stories

ATOM = "{http://www.w3.org/2005/Atom}"
ROUNDS = (1, 2, 3)
SAMPLES = samples_folder()
URLS = {story.name: story.url for outlet in read_outlets(SAMPLES) for story in read_stories(outlet)}


@pytest.fixture(scope="module")
def running() -> Iterator[Newsroom]:
    with Newsroom(SAMPLES) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom(running: Newsroom) -> Newsroom:
    running.round = 1
    running.requests.clear()
    return running


class Got:
    """An answer as it came."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()
        self.headers = dict(response.getheaders())


def ask(newsroom: Newsroom, url: str, **headers: str) -> Got:
    host, slash, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=5)
    try:
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", slash + path, headers={"Host": host, **extra})
        return Got(connection.getresponse())
    finally:
        connection.close()


def said(item: etree._Element, name: str, attribute: str = "") -> str:
    """Return the words of the first child of that name, or one of its attributes."""
    child = item.find(name)
    assert child is not None
    return (child.get(attribute) if attribute else child.text) or ""


def entries(newsroom: Newsroom, outlet: Outlet) -> list[tuple[str, str, str]]:
    """Return (link, title, excerpt) of a feed, whatever its format."""
    body = ask(newsroom, outlet.feed).body
    if outlet.feed.endswith(".json"):
        items = json.loads(body)["items"]
        return [(item["url"], item.get("title", ""), item["content_html"]) for item in items]
    root = etree.fromstring(body)
    if root.tag == "rss":
        items = root.iter("item")
        return [(said(each, "link"), said(each, "title"), said(each, "description")) for each in items]
    return [
        (said(each, f"{ATOM}link", "href"), said(each, f"{ATOM}title"), said(each, f"{ATOM}summary"))
        for each in root.iter(f"{ATOM}entry")
    ]


def announced(newsroom: Newsroom) -> dict[str, tuple[str, str]]:
    """Return title and excerpt of everything announced in this round, by link."""
    return {
        link: (title, excerpt)
        for outlet in newsroom.outlets
        for link, title, excerpt in entries(newsroom, outlet)
    }


def words(markup: str | bytes) -> str:
    return re.sub(r"\s+", "", str(html.fromstring(markup).xpath("string()")))


@pytest.mark.parametrize(("number", "feeds", "whole"), [(1, 31, 28), (2, 31, 28), (3, 32, 29)])
def test_each_feed_announces_the_stories_of_its_round(
    newsroom: Newsroom, number: int, feeds: int, whole: int
) -> None:
    newsroom.round = number
    links = announced(newsroom)
    assert set(links) == {story.url for story in newsroom.stories}
    assert (len(links), sum(ask(newsroom, link).status == 200 for link in links)) == (feeds, whole + 1)


@pytest.mark.parametrize("number", ROUNDS)
def test_every_link_in_a_feed_answers_as_the_round_says(newsroom: Newsroom, number: int) -> None:
    newsroom.round = number
    wanted = {story.url: story.answer for story in newsroom.stories}
    assert {link: ask(newsroom, link).status for link in announced(newsroom)} == wanted
    assert Counter(wanted.values()) - Counter({200: 99}) == {403: 1, 404: 1}


def test_all_a_round_shows_was_published_before_it(newsroom: Newsroom) -> None:
    for number in ROUNDS:
        newsroom.round = number
        assert all(story.updated <= newsroom.at for story in newsroom.stories)


def test_at_least_thirty_articles_can_be_read_whole_over_the_day(newsroom: Newsroom) -> None:
    read: dict[str, str] = {}
    rules = Protego.parse(ask(newsroom, "http://ledger.test/robots.txt").body.decode())
    for number in ROUNDS:
        newsroom.round = number
        for link in announced(newsroom):
            page = ask(newsroom, link)
            if page.status == 200 and rules.can_fetch(link, "dibao"):
                read[link] = words(page.body)
    assert len(read) == 30
    assert len(set(read.values())) == 30


def test_each_article_has_four_to_twelve_blocks_which_are_all_on_its_page(newsroom: Newsroom) -> None:
    for story in newsroom.stories:
        if story.answer == 200:
            assert 4 <= len(story.blocks) <= 12, story.name
            page = words(ask(newsroom, story.url).body)
            assert all(words(str(block)) in page for block in story.blocks)


def test_feeds_carry_excerpts_only(newsroom: Newsroom) -> None:
    stories = {story.url: story for story in newsroom.stories}
    for link, (_, excerpt) in announced(newsroom).items():
        text = "".join(words(str(block)) for block in stories[link].blocks)
        assert words(excerpt) == re.sub(r"\s+", "", stories[link].excerpt)
        assert not text or len(words(excerpt)) * 2 < len(text)


def test_two_articles_share_a_title_and_a_day_and_one_has_no_title(newsroom: Newsroom) -> None:
    days = Counter((story.announced, story.published.date()) for story in newsroom.stories)
    assert [title for (title, _), count in days.items() if count == 2] == ["快訊／青港渡輪航班異動"]
    assert sum(title == "" for title, _ in announced(newsroom).values()) == 1


def test_the_second_round_brings_an_edit_a_silent_edit_a_removal_and_a_late_article(
    newsroom: Newsroom,
) -> None:
    before, fares = announced(newsroom), URLS["wire/202603030042"]
    vote = URLS["ledger/allotment-vote"]
    old_fares, old_vote = ask(newsroom, fares).body, ask(newsroom, vote).body
    newsroom.round = 2
    after = announced(newsroom)
    assert set(after) - set(before) == {URLS["wire/202603040088"]}
    assert set(before) - set(after) == {URLS["morning/soymilk-at-four"]}
    assert ask(newsroom, URLS["morning/soymilk-at-four"]).status == 404
    assert {link for link in before if link in after and before[link] != after[link]} == {fares}
    assert ask(newsroom, fares).body.count(b"<p>") == old_fares.count(b"<p>") + 1
    assert b"2026-03-04T17:25:00+08:00" in ask(newsroom, fares).body
    new_vote = ask(newsroom, vote).body
    assert new_vote != old_vote
    assert re.findall(rb'datetime="[^"]+"', new_vote) == re.findall(rb'datetime="[^"]+"', old_vote)


def test_the_third_round_brings_a_correction_and_a_late_article(newsroom: Newsroom) -> None:
    newsroom.round = 2
    before = announced(newsroom)
    newsroom.round = 3
    after, seals = announced(newsroom), URLS["ledger/seal-count"]
    assert set(after) - set(before) == {URLS["morning/shipyard-plan"]}
    assert not set(before) - set(after)
    assert {link for link in before if before[link] != after[link]} == {seals}
    assert b"This article was amended" in ask(newsroom, seals).body


def test_late_articles_are_not_there_before_their_round(newsroom: Newsroom) -> None:
    for name, first in (("wire/202603040088", 2), ("morning/shipyard-plan", 3)):
        for number in ROUNDS:
            newsroom.round = number
            assert ask(newsroom, URLS[name]).status == (200 if number >= first else 404)


def test_what_has_not_changed_answers_304_to_either_validator(newsroom: Newsroom) -> None:
    for url in ("http://ledger.test/feed.json", "http://wire.test/", "http://morning.test/robots.txt"):
        first = ask(newsroom, url)
        assert ask(newsroom, url, If_None_Match=first.headers["ETag"]).status == 304
        assert ask(newsroom, url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
        assert ask(newsroom, url, If_None_Match='"other"').status == 200


def test_the_tag_speaks_before_the_date(newsroom: Newsroom) -> None:
    first = ask(newsroom, "http://wire.test/")
    asked = {"If_None_Match": '"other"', "If_Modified_Since": first.headers["Last-Modified"]}
    assert ask(newsroom, "http://wire.test/", **asked).status == 200


def test_an_edited_page_is_new_to_old_validators_and_its_neighbour_is_not(newsroom: Newsroom) -> None:
    vote = ask(newsroom, URLS["ledger/allotment-vote"])
    gale = ask(newsroom, URLS["ledger/spring-tide-gale"])
    newsroom.round = 2
    again = {"If_None_Match": vote.headers["ETag"]}
    dated = {"If_Modified_Since": vote.headers["Last-Modified"]}
    assert ask(newsroom, URLS["ledger/allotment-vote"], **again).status == 200
    assert ask(newsroom, URLS["ledger/allotment-vote"], **dated).status == 200
    same = {"If_None_Match": gale.headers["ETag"]}
    assert ask(newsroom, URLS["ledger/spring-tide-gale"], **same).status == 304


def test_a_page_whose_carousel_turns_is_new_though_its_article_is_not(newsroom: Newsroom) -> None:
    url = URLS["wire/202603020241"]
    before, story = ask(newsroom, url), {each.url: each for each in newsroom.stories}[url]
    newsroom.round = 2
    assert ask(newsroom, url, If_None_Match=before.headers["ETag"]).status == 200
    assert {each.url: each for each in newsroom.stories}[url] == story


def test_text_is_packed_for_those_who_accept_it(newsroom: Newsroom) -> None:
    plain = ask(newsroom, "http://morning.test/")
    packed = ask(newsroom, "http://morning.test/", Accept_Encoding="br, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert ask(newsroom, "http://morning.test/", Accept_Encoding="gzip;q=0").body == plain.body


def test_every_picture_a_page_offers_is_a_real_picture(newsroom: Newsroom) -> None:
    newsroom.round = 3
    offered = set()
    for story in newsroom.stories:
        page = ask(newsroom, story.url).body.decode()
        found = re.findall(r"(?:/photos|/wp-content/uploads|/media)[^\s\"?]+\.(?:jpg|png)", page)
        offered |= {(story.outlet.host, path) for path in found}
    assert len(offered) > 40
    for host, path in sorted(offered):
        got = ask(newsroom, f"http://{host}{path}")
        with Image.open(io.BytesIO(got.body)) as picture:
            picture.load()
            assert picture.size in ((640, 420), (320, 210))
            assert got.headers["Content-Type"] == Image.MIME[picture.format or ""]
        assert len(got.body) < 20_000


def test_the_pictures_are_drawn_the_same_at_every_run(tmp_path: Path) -> None:
    script = runpy.run_path(str(SAMPLES / "make_images.py"))
    for run in ("a", "b"):
        script["main"](tmp_path / run)
    kept = sorted(path.relative_to(SAMPLES / "images") for path in SAMPLES.glob("images/*/*"))
    assert sorted(path.relative_to(tmp_path / "a") for path in tmp_path.glob("a/*/*")) == kept
    assert all((tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes() for path in kept)


def test_robots_txt_forbids_one_announced_article(newsroom: Newsroom) -> None:
    forbidden = []
    for outlet in newsroom.outlets:
        rules = Protego.parse(ask(newsroom, f"{outlet.home}robots.txt").body.decode())
        forbidden += [link for link, _, _ in entries(newsroom, outlet) if not rules.can_fetch(link, "dibao")]
    assert forbidden == [URLS["ledger/long-read-ropewalk"]]


def test_each_front_page_names_its_feed_and_its_sections_answer(newsroom: Newsroom) -> None:
    for outlet in newsroom.outlets:
        page: Any = html.fromstring(ask(newsroom, outlet.home).body, base_url=outlet.home)
        page.make_links_absolute()
        assert page.xpath("//link[@rel='alternate']/@href") == [outlet.feed]
        for key, _ in outlet.sections:
            assert ask(newsroom, outlet.home.rstrip("/") + outlet.listing(key)).status == 200


def test_a_missing_page_still_looks_like_its_outlet(newsroom: Newsroom) -> None:
    for outlet in newsroom.outlets:
        page = ask(newsroom, outlet.home + "no/such/page")
        assert (page.status, outlet.name in page.body.decode()) == (404, True)
        assert "ETag" not in page.headers


def test_two_newsrooms_serve_the_same_bytes_and_headers(newsroom: Newsroom) -> None:
    with Newsroom(SAMPLES) as other:
        for number in ROUNDS:
            newsroom.round = other.round = number
            urls = [url for outlet in other.outlets for url in (outlet.home, outlet.feed)]
            for url in [*urls, *(story.url for story in other.stories)]:
                one, two = ask(newsroom, url), ask(other, url)
                assert (one.status, one.headers, one.body) == (two.status, two.headers, two.body)


def test_every_request_is_on_record(newsroom: Newsroom) -> None:
    ask(newsroom, "http://ledger.test/feed.json?page=2")
    ask(newsroom, "http://wire.test/nothing")
    assert newsroom.requests == [("ledger.test", "/feed.json", 200), ("wire.test", "/nothing", 404)]


def test_the_resolver_leads_clean_addresses_here_and_nowhere_else(newsroom: Newsroom) -> None:
    async def statuses() -> list[int]:
        connector = aiohttp.TCPConnector(resolver=newsroom.resolver())
        async with aiohttp.ClientSession(connector=connector) as session:
            found = []
            for outlet in newsroom.outlets:
                async with session.get(outlet.feed) as response:
                    found.append(response.status)
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get("http://elsewhere.test/")
            return found

    assert asyncio.run(statuses()) == [200, 200, 200]
    assert len(newsroom.requests) == 3


def test_a_host_that_is_none_of_ours_is_told_so(newsroom: Newsroom) -> None:
    assert ask(newsroom, "http://elsewhere.test/").status == 421


def test_a_taken_port_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        newsroom = Newsroom(SAMPLES, port=taken.getsockname()[1])
        with pytest.raises(ConfigError, match="Can't listen on"), newsroom:
            pass


def test_there_is_no_fourth_round(newsroom: Newsroom) -> None:
    with pytest.raises(ConfigError, match="rounds 1 to 3"):
        newsroom.round = 4


def test_an_edit_whose_words_are_not_in_the_story_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(SAMPLES, tmp_path / "samples")
    rounds = (copy / "rounds.toml").read_text("utf-8")
    (copy / "rounds.toml").write_text(rounds.replace('old = "The path is', 'old = "The road is'), "utf-8")
    with pytest.raises(ConfigError, match="0 times"):
        Newsroom(copy)


def test_the_samples_are_found_inside_an_installed_package(tmp_path: Path) -> None:
    package = Path(dibao.__file__).parent
    (tmp_path / "dibao").mkdir()
    shutil.copy(package / "errors.py", tmp_path / "dibao")
    (tmp_path / "dibao" / "__init__.py").write_text("", "utf-8")
    shutil.copytree(package / "newsroom", tmp_path / "dibao" / "newsroom")
    shutil.copytree(SAMPLES, tmp_path / "dibao" / "samples")
    program = "from dibao.newsroom import samples_folder; print(samples_folder())"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(run.stdout.strip()) == (tmp_path / "dibao" / "samples").resolve()


def test_the_samples_name_no_real_outlet() -> None:
    real = "中央社|聯合報|自由時報|新华|人民日报|联合早报|BBC|Reuters|Guardian|Associated Press|feedx|CNA\\b"
    for path in SAMPLES.rglob("*"):
        if path.suffix in (".toml", ".j2", ".txt", ".md"):
            assert not re.search(real, path.read_text("utf-8")), path
