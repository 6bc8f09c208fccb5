"""Rules for single sites, through the real commands: learnt, looked at, accepted, and at work."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dibao.cli.app import app
from dibao.errors import ConfigError, DibaoError
from tests.flow.loopback import make_archive
from tests.flow.servers import Answer, Site, rss

pytestmark = pytest.mark.slow
HOST = "127.0.0.1"
OFFER = "Read the Lantern on paper as well: four weeks for the price of one, on your table before breakfast."
JOIN = "Lantern is owned by its readers. Become one of them, and say how much that is worth to you."
TOPICS = "ferry quay bridge market school library tunnel orchard".split()


def story(topic: str, *, edited: bool = False) -> Answer:
    """Return a page of an invented outlet, with its furniture between the paragraphs."""
    lines = [
        f"The council heard on Tuesday for hours what people have to say about the new {topic}.",
        f"Nobody could tell what the {topic} is going to cost, since no tender has been opened so far.",
        f"A second hearing on the {topic} will be held in the old town hall, and everybody may speak there.",
        f"Those who live beside the {topic} asked for silence at night, and for trees before their doors.",
        f"The engineer said that the {topic} would be open before the first snow{' of next year' * edited}.",
    ]
    boxes = [f'<div class="offer-box"><p>{OFFER}</p></div>', f"<p>{JOIN}</p>"]
    body = "".join(f"<p>{line}</p>{boxes.pop(0) if n in (1, 3) else ''}" for n, line in enumerate(lines))
    html = f"""<html lang="en"><head><title>The {topic} is late</title></head><body>
    <div id="top">Lantern</div>
    <div class="page"><h1>The {topic} is late</h1><div class="story-text">{body}</div></div></body></html>"""
    return 200, "text/html; charset=utf-8", html.encode()


@dataclass
class Desk:
    """An archive that a test deals with by commands."""

    folder: Path
    site: Site

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command and return what it prints."""
        result = CliRunner().invoke(app, [*arguments, "-A", str(self.folder)])
        if isinstance(result.exception, DibaoError):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    def told(self, *arguments: str, code: int = 0) -> Any:
        """Run a command and return the facts it prints."""
        return json.loads(self.run(*arguments, "--json", code=code))

    def announce(self, *topics: str) -> None:
        """Let the feed announce stories."""
        self.site.pages["/feed"] = rss(*((f"The {t} is late", f"{self.site.url}/{t}", "") for t in topics))
        for topic in topics:
            self.site.pages[f"/{topic}"] = story(topic)

    def sync(self) -> str:
        return self.run("sync", "--no-publish", "--source", "1")

    def text(self, topic: str) -> str:
        return str(self.shown(topic)["shown"]["article"]["text"])

    def shown(self, topic: str) -> dict[str, Any]:
        found: dict[str, Any] = self.told("show", f"{self.site.url}/{topic}")
        return found

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    made = Desk(make_archive(tmp_path / "archive", site.port), site)
    made.announce(*TOPICS[:5])
    made.run("add", f"{site.url}/feed", "--language", "en")
    return made


def test_furniture_is_learnt_looked_at_accepted_and_gone_from_the_next_sync(desk: Desk) -> None:
    desk.sync()
    assert OFFER in desk.text("ferry")
    assert JOIN in desk.text("ferry")

    said = desk.run("rules", "learn", HOST)
    assert ".offer-box" in said
    assert JOIN in said
    assert "5 of 5 pages" in said
    assert (desk.folder / "rules" / "proposed" / f"{HOST}.toml").exists()

    seen = desk.told("rules", "preview", HOST)
    assert len(seen["pages"]) == 5
    for page in seen["pages"]:
        assert page["difference"] == [f"- {OFFER}", f"- {JOIN}"]
        assert page["before"] - page["after"] == len(f"{OFFER}{JOIN}") + 4
    assert "changes 5 of 5 pages" in desk.run("rules", "preview", HOST)

    # A proposal is no rule: nothing is read by it.
    desk.announce(*TOPICS[:6])
    desk.sync()
    assert OFFER in desk.text("library")

    desk.run("rules", "accept", HOST)
    assert not (desk.folder / "rules" / "proposed" / f"{HOST}.toml").exists()
    desk.announce(*TOPICS)
    desk.sync()
    article = desk.shown("tunnel")["shown"]["article"]
    assert OFFER not in article["text"]
    assert JOIN not in article["text"]
    assert "before the first snow" in article["text"]
    assert article["rule"].startswith(f"rules/{HOST}.toml ")
    # What was kept stays as it was kept.
    assert OFFER in desk.text("ferry")

    (line,) = desk.told("rules")["rules"]
    assert line["host"] == HOST
    assert line["tests"] == 3
    assert line["failures"] == []
    assert line["untested"] == 0
    lines = [
        row for file in (desk.folder / "journal").iterdir() for row in file.read_text("utf-8").splitlines()
    ]
    (accepted,) = [told for row in lines if (told := json.loads(row))["action"] == "rule accepted"]
    assert accepted["host"] == HOST
    assert accepted["rule"] in (desk.folder / "rules" / f"{HOST}.toml").read_text("utf-8")


def test_to_be_read_better_is_no_edit_and_an_edit_still_is(desk: Desk) -> None:
    desk.sync()
    desk.write(f"rules/{HOST}.toml", "[[rule]]\nstrip = ['.offer-box']\n")
    address = f"{desk.site.url}/ferry"
    desk.site.pages["/ferry"] = (200, "text/html; charset=utf-8", story("ferry")[2] + b"<!-- 2 -->")
    desk.run("keep", address, "--no-publish")
    assert len(desk.shown("ferry")["revisions"]) == 1
    assert OFFER in desk.text("ferry")

    desk.site.pages["/ferry"] = story("ferry", edited=True)
    desk.run("keep", address, "--no-publish")
    assert [each["verdict"] for each in desk.shown("ferry")["revisions"]] == ["new", "changed"]
    assert OFFER not in desk.text("ferry")


def test_a_second_rule_for_a_site_makes_no_edit_of_what_the_first_read(desk: Desk) -> None:
    first = "[[rule]]\nstrip = ['.offer-box']\n"
    desk.write(f"rules/{HOST}.toml", first)
    desk.sync()
    assert OFFER not in desk.text("ferry")
    desk.write(f"rules/{HOST}.toml", f"{first}\n[[rule]]\nfrom = 2026-01-01\nstrip_text = ['{JOIN}']\n")
    desk.site.pages["/ferry"] = (200, "text/html; charset=utf-8", story("ferry")[2] + b"<!-- 2 -->")
    desk.run("keep", f"{desk.site.url}/ferry", "--no-publish")
    assert len(desk.shown("ferry")["revisions"]) == 1
    desk.site.pages["/ferry"] = story("ferry", edited=True)
    desk.run("keep", f"{desk.site.url}/ferry", "--no-publish")
    assert [each["verdict"] for each in desk.shown("ferry")["revisions"]] == ["new", "changed"]
    assert JOIN not in desk.text("ferry")


def test_a_relays_promotion_is_taken_out_of_the_articles_that_its_feed_carries(desk: Desk) -> None:
    body = story("ferry")[2].decode().partition("<body>")[2].partition("</body>")[0]
    told = f"{body}<p class='via'>Carried by Relay, for all.</p>"
    desk.site.pages["/relayed"] = rss(("The ferry is late", "https://lantern.test/1", told))
    desk.write(f"rules/{HOST}.toml", "[[rule]]\nrelay = true\nstrip = ['.via']\n")
    desk.write("rules/lantern.test.toml", "[[rule]]\nstrip = ['.offer-box']\n")
    desk.run("add", f"{desk.site.url}/relayed", "--feed-only", "--name", "Relayed")
    assert "Carried by" not in desk.told("show", "https://lantern.test/1")["shown"]["article"]["text"]
    desk.site.pages["/relayed"] = rss(("The quay is late", "https://lantern.test/2", told))
    desk.run("sync", "--no-publish", "--source", "Relayed")
    article = desk.told("show", "https://lantern.test/2")["shown"]["article"]
    assert article["basis"] == "feed"
    assert "before the first snow" in article["text"]
    assert "Carried by Relay" not in article["text"]
    assert OFFER not in article["text"]
    assert article["rule"].startswith(f"rules/{HOST}.toml + rules/lantern.test.toml ")


def test_a_bad_rule_is_told_and_stops_no_sync(desk: Desk) -> None:
    desk.write(
        f"rules/{HOST}.toml", "[[rule]]\nstrip = ['div[[']\n\n[[rule]]\nstrip_text = ['" + JOIN + "']\n"
    )
    said = desk.sync()
    assert f"rules/{HOST}.toml, rule 1 (line 1): strip, selector 1" in said
    assert JOIN not in desk.text("ferry")
    assert OFFER in desk.text("ferry")
    assert len(desk.told("rules", "test", code=1)["left_out"]) == 1


def test_a_folder_of_full_text_rss_files_is_read_and_a_missing_one_is_told(desk: Desk) -> None:
    with (desk.folder / "dibao.toml").open("a", encoding="utf-8") as settings:
        settings.write('[extract]\nsite_config = "theirs"\n')
    assert "extract.site_config" in desk.sync()
    desk.write(
        f"theirs/{HOST}.txt",
        "body: //div[@class='story-text']\nstrip_id_or_class: offer\n"
        "strip: //p[starts-with(., 'Lantern is')]\n"
        f"test_url: {desk.site.url}/library\ntest_contains: before the first snow\nwrap_in(p): //b\n",
    )
    desk.announce(*TOPICS[:6])
    assert "extract.site_config" not in desk.sync()
    assert OFFER not in desk.text("library")
    assert JOIN not in desk.text("library")
    told = desk.told("rules", "test", HOST, code=1)
    assert [rule["file"] for rule in told["rules"]] == [f"theirs/{HOST}.txt"]
    assert told["rules"][0]["failures"] == []
    assert "line 6: dibao does not know 'wrap_in'" in told["left_out"][0]
    assert "1 file of extract.site_config" in desk.run("rules")


def test_a_rules_test_is_run_against_a_page_beside_it(desk: Desk) -> None:
    rule = (
        "[[rule]]\nstrip = ['.offer-box']\n[[rule.test]]\nurl = 'http://crier.test/1'\npage = 'crier.html'\n"
    )
    desk.write(
        "rules/crier.test.toml", f"{rule}title = 'The orchard is late'\nlacks = ['{OFFER}', '{JOIN}']\n"
    )
    desk.write("rules/crier.html", story("orchard")[2].decode())
    (told,) = desk.told("rules", "test", "crier.test", code=1)["rules"]
    assert len(told["failures"]) == 1
    assert "the text still has 'Lantern is owned" in told["failures"][0]
    assert "1 fail" in desk.run("rules")


def test_a_second_rule_for_a_host_begins_on_the_day_it_is_accepted(desk: Desk) -> None:
    desk.sync()
    old = "[[rule]]\nstrip = ['.nothing']\n"
    desk.write(f"rules/{HOST}.toml", old)
    desk.run("rules", "learn", HOST)
    desk.run("rules", "accept", HOST)
    written = (desk.folder / "rules" / f"{HOST}.toml").read_text("utf-8")
    assert written.startswith(old)
    first, second = desk.told("rules")["rules"]
    assert first["from"] is None
    assert second["from"] is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("learn", "nowhere.test"), "0 pages of nowhere.test kept here"),
        (("learn", "../x"), "is no host"),
        (("preview", "nowhere.test"), "none is proposed"),
        (("accept", "nowhere.test"), "Nothing is proposed"),
        (("test", "nowhere.test"), "There is no rule for nowhere.test: `dibao rules learn nowhere.test`"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(
    desk: Desk, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        desk.run("rules", *arguments)


def test_a_proposal_that_was_spoilt_by_hand_is_refused(desk: Desk) -> None:
    desk.write("rules/x", "")
    desk.write(f"rules/proposed/{HOST}.toml", "[[rule]]\nstrip = 3\n")
    for command in ("accept", "preview"):
        with pytest.raises(ConfigError, match="strip: write a list"):
            desk.run("rules", command, HOST)


def test_nothing_is_proposed_where_no_furniture_is_left(desk: Desk) -> None:
    plain: Callable[[str], Answer] = lambda topic: (  # noqa: E731
        200,
        "text/html; charset=utf-8",
        story(topic)[2].replace(OFFER.encode(), b"").replace(JOIN.encode(), b""),
    )
    for topic in TOPICS[:5]:
        desk.site.pages[f"/{topic}"] = plain(topic)
    desk.sync()
    assert "Nothing to propose from 5 articles" in desk.run("rules", "learn", HOST)
    assert not (desk.folder / "rules" / "proposed").exists()


def test_rules_without_a_page_to_try_them_on_are_told_as_that(desk: Desk) -> None:
    named = "[[rule.test]]\nurl = 'http://crier.test/1'\ntitle = 'The orchard is late'\n"
    desk.write("rules/crier.test.toml", f"[[rule]]\nstrip = ['.offer-box']\n{named}")
    with pytest.raises(ConfigError, match=r"None of 1 test was run: no page that they name is kept here"):
        desk.run("rules", "test", "crier.test")
    with pytest.raises(ConfigError, match=r"No page of crier.test is kept here"):
        desk.run("rules", "preview", "crier.test")
    assert "1 without their page" in desk.run("rules")
    desk.run("rules", "test")  # of all hosts: no rule does what it should not


def test_where_every_rule_had_to_be_left_out_it_is_not_said_that_there_are_none(desk: Desk) -> None:
    desk.write("rules/crier.test.toml", "[[rule]]\nstrip = ['div[[']\n")
    said = desk.run("rules")
    assert "Left out: rules/crier.test.toml" in said
    assert "No rules" not in said
