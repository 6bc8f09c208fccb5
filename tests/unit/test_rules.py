"""Rules for single sites: what they find, strip and leave, and how a page's is found. All is invented."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dibao.archive.rulefiles import RuleFiles
from dibao.errors import ExtractError
from dibao.extract import extract, from_entry, read_page
from dibao.extract.rules import Book, Rule, Said, Sample, apply
from dibao.extract.rules.checking import failures
from dibao.extract.rules.finding import Finder, mirror, objection
from dibao.extract.rules.rule import joined
from dibao.extract.rules.translating import as_css
from dibao.extract.rules.written import as_toml, read_rules
from dibao.extract.tree import parse
from dibao.model import Article, Entry

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
URL = "https://www.lantern.test/news/7"
STORY = "".join(
    f"<p>The harbour council met for the {n}th time on Tuesday and heard {n} witnesses on the new quay.</p>"
    for n in range(4, 12)
)
OFFER = "Read Lantern on paper: four weeks for the price of one, delivered before breakfast."
PAGE = f"""<html lang="en"><head><title>Lantern</title></head><body>
<div id="masthead"><span class="kicker">Harbour</span></div>
<div class="story"><h2 class="headline">Council hears of the quay</h2>
<p class="signed"><a href="/p/1">Ada Quill</a> <a href="/p/2">Bo Reed</a></p>
<span class="when" datetime="2026-03-02T07:30:00Z">on Monday</span>
{STORY}<p class="offer">{OFFER}</p></div>
<a class="on" href="/news/7?page=2">next</a><a class="whole" href="/news/7/all">on one page</a>
<div class="below"><p>Tides: high at nine, low at three, and the ferry leaves at ten past the hour.</p></div>
</body></html>"""
RULE = Rule(
    host="lantern.test",
    file="rules/lantern.test.toml",
    select=("div.story",),
    strip=(".offer", "xpath://span[@class='when']"),
    title=("h2.headline",),
    byline=(".signed a",),
    date=(".when",),
    next=("a.on",),
    single=("xpath://a[@class='whole']/@href",),
)


def read(rule: Rule | None, page: str = PAGE) -> Article:
    return read_page(page.encode(), url=URL, content_type="text/html; charset=utf-8", rule=rule)


def applied(rule: Rule, page: str = PAGE) -> tuple[Said, str]:
    """Return what a rule finds, and what it leaves of the body."""
    tree = parse(page, URL)
    said = apply(tree, rule, URL)
    assert tree.body is not None
    return said, tree.body.html or ""


# --- at work ----------------------------------------------------------------------------------------


def test_a_rule_says_what_it_finds_before_it_takes_anything_out() -> None:
    said, _ = applied(RULE)
    assert said.title == "Council hears of the quay"
    assert said.byline == ("Ada Quill", "Bo Reed")
    assert said.date == "2026-03-02T07:30:00Z"
    assert said.next == "https://www.lantern.test/news/7?page=2"
    assert said.single == "https://www.lantern.test/news/7/all"
    assert len(said.selected) == 1


def test_only_what_is_selected_and_not_stripped_stays() -> None:
    _, left = applied(RULE)
    assert "harbour council" in left
    for gone in ("offer", "on Monday", "masthead", "Tides", "next"):
        assert gone not in left


@pytest.mark.parametrize("selector", ["html", "body", "xpath:/html"])
def test_to_select_the_whole_page_leaves_it_whole(selector: str) -> None:
    _, left = applied(Rule(host="x", file="x", select=(selector,), strip=(".offer",)))
    assert "Tides" in left
    assert "offer" not in left


def elements() -> st.SearchStrategy[str]:
    """Return strategies for trees of elements with a few classes."""
    leaves = st.sampled_from(["word ", "<br>", "<img src=x>", "<!-- no -->", "渡輪"])
    tags, classes = st.sampled_from(["p", "div", "span", "ul", "table", "svg"]), st.sampled_from("abc")
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            lambda tag, name, parts: f"<{tag} class={name}>{''.join(parts)}</{tag}>",
            tags,
            classes,
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )


SELECTORS = [
    ".a",
    ".b",
    "p",
    "div > .c",
    "xpath://*[@class='b']",
    "xpath://p[2] | //div",
    "body",
    "xpath://br",
]


@given(elements(), st.lists(st.sampled_from(SELECTORS)), st.lists(st.sampled_from(SELECTORS)))
def test_whatever_a_rule_strips_and_selects_what_is_left_is_of_the_page(
    page: str, strip: list[str], select: list[str]
) -> None:
    rule = Rule(host="x", file="x", strip=tuple(strip), select=tuple(select), strip_text=("word",))
    tree = parse(f"<body>{page}</body>", URL)
    before = tree.body.text() if tree.body is not None else ""
    said = apply(tree, rule, URL)
    assert tree.body is not None
    left = {node.mem_id for node in tree.body.traverse()}
    assert not set(said.selected) - left - {tree.body.mem_id}
    letters = iter(before)
    assert all(letter in letters for letter in tree.body.text())  # the same letters in order, some left out


def test_several_selected_elements_stay_in_page_order() -> None:
    page = (
        "<body><div><p class=b>Second.</p></div>x<p>Between.</p><p class=b>Third.</p><p class=a></p></body>"
    )
    said, left = applied(replace(RULE, select=(".nowhere", ".a", ".b"), strip=()), page)
    assert len(said.selected) == 2
    assert left == '<body><div><p class="b">Second.</p></div><p class="b">Third.</p></body>'


def test_a_rule_that_selects_nothing_leaves_all_but_what_it_strips() -> None:
    said, left = applied(replace(RULE, select=("main.gone",)))
    assert said.selected == ()
    assert "Tides" in left
    assert "offer" not in left


def test_a_selected_element_inside_a_stripped_one_is_gone_and_the_next_selector_counts() -> None:
    said, left = applied(replace(RULE, select=(".offer", ".below"), strip=(".story",)))
    assert len(said.selected) == 1
    assert "Tides" in left
    assert "harbour council" not in left


def test_a_paragraph_is_stripped_by_its_words_alone() -> None:
    page = PAGE.replace("<p class=", "<p data-x=").replace(OFFER, OFFER.replace(" ", "\n  "))
    _, left = applied(Rule(host="x", file="x", strip_text=(OFFER,)), page)
    assert "breakfast" not in left
    assert "harbour council" in left


def test_replacements_are_made_before_the_page_is_parsed() -> None:
    rule = Rule(host="x", file="x", replace=(("<article-x>", "<article>"), ("quay", "pier")))
    assert "new pier" in read(rule).text


def test_an_article_is_read_by_a_rule_and_names_it() -> None:
    article = read(RULE)
    assert article.title == "Council hears of the quay"
    assert article.authors == ("Ada Quill", "Bo Reed")
    assert article.byline == "Ada Quill, Bo Reed"
    assert article.published_at == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert article.published_raw == "2026-03-02T07:30:00Z"
    assert "11th time" in article.text
    assert OFFER not in article.text
    assert article.rule == RULE.name
    assert read(None).rule is None


def test_a_date_that_cannot_be_read_and_a_byline_without_people_change_nothing() -> None:
    page = PAGE.replace(
        "<head>", '<head><meta name="author" content="Cy Lark"><meta name="date" content="2026-02-01">'
    )
    article = read(Rule(host="x", file="x", date=(".kicker",), byline=(".kicker",)), page)
    assert article.published_at == datetime(2026, 2, 1, tzinfo=UTC)
    assert article.published_raw == "2026-02-01"


def test_a_rule_that_no_longer_fits_costs_no_article() -> None:
    article = read(replace(RULE, select=(".kicker",)))
    assert "11th time" in article.text
    assert article.rule is None


def test_a_page_without_an_article_has_none_by_a_rule_either() -> None:
    with pytest.raises(ExtractError, match="no article"):
        read(RULE, "<body><div class=story>Soon.</div></body>")


def test_a_relays_rule_takes_its_promotion_out_of_what_a_feed_carries() -> None:
    entry = Entry(title="Quay", link=URL, content=f"{STORY}<p class=relayed>Brought to you by a relay.</p>")
    rule = Rule(host="relay.test", file="rules/relay.test.toml", relay=True, strip=(".relayed",))
    assert "Brought to you" in from_entry(entry).text
    article = from_entry(entry, rule=rule)
    assert "Brought to you" not in article.text
    assert "11th time" in article.text
    assert article.rule == rule.name


def test_the_public_function_takes_a_rule() -> None:
    assert extract(PAGE.encode(), url=URL, rule=RULE).title == "Council hears of the quay"


def test_a_rule_is_named_by_its_file_its_first_day_and_what_it_does() -> None:
    dated = replace(RULE, since=date(2026, 1, 2))
    assert dated.name.startswith("rules/lantern.test.toml 2026-01-02 ")
    assert replace(dated, strip=(".other",)).name != dated.name
    assert replace(dated, tests=(Sample(url=URL),)).name == dated.name


# --- XPath ------------------------------------------------------------------------------------------


def test_the_mirror_that_xpath_searches_is_the_tree_itself() -> None:
    tree = parse(PAGE, URL)
    root, nodes = mirror(tree)
    assert "".join(root.itertext()) == (tree.root.text() if tree.root else "")
    assert [element.tag for element in root.iter()] == [
        node.tag
        for node in (tree.root.traverse() if tree.root else ())
        if not (node.tag or "-").startswith("-")
    ]
    assert all(nodes[element].tag == element.tag for element in root.iter())


def test_xpath_survives_names_that_xml_does_not_know() -> None:
    tree = parse('<body><o:p @click="x" 1a="y" class="odd">Words</o:p><!-- no --></body>', URL)
    assert [node.text() for node in Finder(tree).nodes("xpath://*[@class='odd']")] == ["Words"]


def test_xpath_may_give_words_and_expressions_that_mean_nothing_find_nothing() -> None:
    found = Finder(parse(PAGE, URL))
    assert found.values("xpath:normalize-space(//h2)") == ["Council hears of the quay"]
    assert found.values("xpath://a[@class='on']/@href") == ["/news/7?page=2"]
    assert found.values("xpath://h2/text()") == ["Council hears of the quay"]
    assert found.values("xpath:count(//p)") == []
    assert found.nodes("xpath:php:function('x', //p)") == []


@pytest.mark.parametrize(
    ("selector", "said"), [("div[[", "no CSS"), ("xpath://div[", "no XPath"), ("p:odd", "no CSS")]
)
def test_a_bad_selector_is_told_with_what_to_write(selector: str, said: str) -> None:
    assert said in (objection(selector) or "")


TRANSLATED = {
    "//h1": "h1",
    "//div[@class='a']": 'div[class="a"]',
    '//div[ @id = "a" ]//p': 'div[id="a"] p',
    "//*[@class]/span": "*[class] > span",
    "//ul[contains(@class, 'a') and @id]": 'ul[class*="a"][id]',
    "//p[starts-with(@class,'b')] | //div[@class='c']/*": 'p[class^="b"], div[class="c"] > *',
    "//div[contains(concat(' ',normalize-space(@class),' '),' a ')]": 'div[class~="a"]',
    '//div[contains(concat(" ", normalize-space(@class), " "), " b ")][@class]': 'div[class~="b"][class]',
}


@pytest.mark.parametrize(("xpath", "css"), TRANSLATED.items())
def test_simple_xpath_is_translated_to_css(xpath: str, css: str) -> None:
    assert as_css(xpath) == css


@given(elements(), st.sampled_from(list(TRANSLATED)))
def test_what_is_translated_finds_the_same_in_the_same_order(page: str, xpath: str) -> None:
    found = Finder(parse(f"<body><div id=a>{page}</div>{page}</body>", URL))
    css = [node.mem_id for node in found.nodes(TRANSLATED[xpath])]
    assert css == [node.mem_id for node in found.nodes(f"xpath:{xpath}")]


@pytest.mark.parametrize(
    "xpath",
    [
        "/html/body",
        "//div[1]",
        "//div[@class='a' or @id='b']",
        "//div[not(@class)]",
        "//a/@href",
        "//p/text()",
        "(//p)[1]",
        "//DIV",
        "//p[.='x']",
        "//div[@rel='a']",
        "//div[@class='']",
        "//p[contains(., 'a')]",
        "//div[p]",
        "//p/..",
        "//p |",
        "concat('a', 'b')",
        "//p[@class='a\\']",
        "//p[@class='a and b']",
    ],
)
def test_what_css_cannot_say_is_not_translated(xpath: str) -> None:
    assert as_css(xpath) is None


# --- as people write them ---------------------------------------------------------------------------

WRITTEN = """
[[rule]]
until = 2025-07-01
select = "#old-story"

[[rule]]
from = 2025-07-01
select = ["div.story"]
strip = [".offer"]
strip_text = ["Follow us."]
title = ["h2.headline"]
replace = [["a", "b"]]

[[rule.test]]
url = "https://lantern.test/news/7"
title = "Council"
date = 2026-03-02
contains = ["harbour"]
lacks = ["paper"]
"""


def written(text: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    return read_rules(text, "lantern.test", "rules/lantern.test.toml")


def test_dated_rules_are_read_from_toml() -> None:
    (old, new), complaints = written(WRITTEN)
    assert complaints == ()
    assert old.select == ("#old-story",)
    assert old.until == new.since == date(2025, 7, 1)
    assert new.replace == (("a", "b"),)
    assert new.tests[0].date == "2026-03-02"
    assert new.tests[0].lacks == ("paper",)


def test_a_rule_written_back_is_the_same_rule() -> None:
    (_, new), _ = written(WRITTEN)
    odd = replace(new, strip=('a[title="x\\y"]', "xpath://p[.='渡輪']"), relay=True)
    again, complaints = written(as_toml(odd, ["made by a test"]))
    assert complaints == ()
    assert again == (odd,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]\n", "not TOML"),
        ("[rule]\nselect = 'p'", "two brackets"),
        ("[[rule]]\nselekt = 'p'", "rule 1 (line 1): selekt: there is no such key"),
        ("[[rule]]\nselect = 3", "select: write a list of texts"),
        ("[[rule]]\nstrip = ['.a', 'div[[']", "strip, selector 2: 'div[[' is no CSS selector"),
        ("[[rule]]\nfrom = '2026-01-01'\nstrip = '.a'", "from: write a day without quotes"),
        ("[[rule]]\nfrom = 2026-01-01T00:00:00\nstrip = '.a'", "from: write a day without quotes"),
        ("[[rule]]\nfrom = 2026-01-02\nuntil = 2026-01-01\nstrip = '.a'", "is not after"),
        ("[[rule]]\nrelay = 'yes'\nstrip = '.a'", "relay: write true or false"),
        ("[[rule]]\nreplace = ['a']", "replace: write pairs"),
        ("[[rule]]\nfrom = 2026-01-02", "it says nothing"),
        ("[[rule]]\nstrip = '.a'\n[rule.test]\nurl = 'x'", "two brackets"),
        ("[[rule]]\nstrip = '.a'\n[[rule.test]]\nurl = 'x'", "test 1, url: name the address"),
        (
            "[[rule]]\nstrip = '.a'\n[[rule.test]]\nurl = 'https://x.test/'\nlack = 'x'",
            "test 1, lack: there is no",
        ),
        ("rules = 3\n", "'rules' is no table of rules"),
    ],
)
def test_a_bad_rule_is_left_out_and_told_with_what_to_do(text: str, said: str) -> None:
    rules, complaints = written(text)
    assert rules == ()
    assert len(complaints) == 1
    assert complaints[0].startswith("rules/lantern.test.toml")
    assert said in complaints[0]


def test_a_bad_rule_costs_the_others_in_its_file_nothing() -> None:
    rules, complaints = written("[[rule]]\nbad = 1\n" + WRITTEN)
    assert len(rules) == 2
    assert len(complaints) == 1


@given(st.text())
def test_any_text_is_rules_or_complaints(text: str) -> None:
    rules, complaints = written(text)
    assert rules or complaints or not text.strip() or text.lstrip().startswith("#")


# --- Full-Text RSS ----------------------------------------------------------------------------------

SITE_CONFIG = """
# a comment
title: //h2[@class='headline']
author: //p[@class='signed']/a
body: //div[@class='nowhere']
body: //div[contains(@class, 'story')]
date: //span[@class='when']/@datetime
strip: //h2
strip_id_or_class: offe
strip_image_src: /pixel
next_page_link: //a[@class='on']
if_page_contains: //div[@class='story']
single_page_link: //a[@class='whole']
if_page_contains: //div[@class='elsewhere']
find_string: new quay
replace_string: old quay
replace_string(witnesses): speakers
tidy: no
prune: no
parser: html5lib
autodetect_on_failure: no
test_url: https://www.lantern.test/news/7
test_contains: 11th time
"""


def site_config(text: str) -> tuple[Rule, tuple[str, ...]]:
    from dibao.extract.rules.siteconfig import read_rules

    (rule,), complaints = read_rules(text, "lantern.test", "sites/lantern.test.txt")
    return rule, complaints


def test_a_site_config_file_is_a_rule() -> None:
    rule, complaints = site_config(SITE_CONFIG)
    assert complaints == ()
    said, left = applied(rule)
    assert said.title == "Council hears of the quay"
    assert said.byline == ("Ada Quill", "Bo Reed")
    assert said.date == "2026-03-02T07:30:00Z"
    assert said.next == "https://www.lantern.test/news/7?page=2"
    assert said.single is None  # its condition does not hold here
    assert "harbour council" in left
    assert "offer" not in left
    assert "headline" not in left
    article = read(rule)
    assert "speakers on the old quay" in article.text
    assert failures(article, said, rule.tests[0]) == ()


@pytest.mark.parametrize(
    ("there", "found"), [("story", "https://www.lantern.test/news/7/print"), ("gone", None)]
)
def test_a_link_that_an_expression_makes_counts_only_on_pages_that_it_is_for(
    there: str, found: str | None
) -> None:
    made = "concat(substring-before(//a[@class='on']/@href, '?'), '/print')"
    rule, complaints = site_config(f"single_page_link: {made}\nif_page_contains: //div[@class='{there}']\n")
    assert complaints == ()
    assert applied(rule)[0].single == found


def test_lines_of_a_site_config_that_mean_nothing_here_are_left_out_and_told() -> None:
    text = "body: //div[\nif_page_contains: //p\nrequires_login: yes\nhttp_header(user-agent): x\n"
    rule, complaints = site_config(f"{text}find_string: a\ntitle: //h2\nnothing here\nstrip:\n")
    assert rule.select == ()
    assert rule.title == ("h2",)
    assert [line.partition(":")[0] for line in complaints] == [
        *(f"sites/lantern.test.txt, line {number}" for number in (1, 2, 3, 4, 7, 8)),
        "sites/lantern.test.txt",
    ]
    assert "no XPath expression" in complaints[0]
    assert "does not know 'requires_login'" in complaints[2]


@given(st.text())
def test_any_text_is_a_site_config(text: str) -> None:
    rule, _ = site_config(text)
    applied(rule)


# --- finding one ------------------------------------------------------------------------------------


def book(tmp_path: Path, **files: str) -> Book:
    for folder in ("rules", "sites"):
        (tmp_path / folder).mkdir()
    for name, text in files.items():
        folder = "sites" if name.endswith("_txt") else "rules"
        (tmp_path / folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return Book(
        archive=RuleFiles(tmp_path / "rules", "rules"), site_config=RuleFiles(tmp_path / "sites", "sites")
    )


def found(book: Book, url: str, relay: str | None = None, at: datetime = NOW) -> Rule | None:
    return book.rule_for(url, relay, at)


ONE = "[[rule]]\nstrip = ['.one']"
TWO = "[[rule]]\nstrip = ['.two']"


def test_a_page_has_the_rule_of_its_host_or_of_the_nearest_above(tmp_path: Path) -> None:
    rules = book(tmp_path, lantern_test_toml=ONE, sport_lantern_test_toml=TWO)
    for url, strip in (
        ("https://www.lantern.test/1", ".one"),
        ("http://LANTERN.test:8080/1", ".one"),
        ("https://a.news.lantern.test/1", ".one"),
        ("https://a.sport.lantern.test/1", ".two"),
    ):
        rule = found(rules, url)
        assert rule is not None
        assert rule.strip == (strip,)
    assert found(rules, "https://mylantern.test/1") is None
    assert found(rules, "no address") is None


def test_the_rule_is_the_one_that_held_when_the_page_was_captured(tmp_path: Path) -> None:
    rules = book(tmp_path, lantern_test_toml=WRITTEN)
    old = found(rules, URL, at=datetime(2025, 6, 30, 23, tzinfo=UTC))
    new = found(rules, URL, at=datetime(2025, 7, 1, tzinfo=UTC))
    assert old is not None
    assert new is not None
    assert old.select == ("#old-story",)
    assert new.select == ("div.story",)


def test_of_rules_that_hold_at_once_the_latest_to_begin_counts(tmp_path: Path) -> None:
    rules = book(tmp_path, lantern_test_toml=f"{TWO}\nfrom = 2026-01-01\n{ONE}")
    rule = found(rules, URL)
    assert rule is not None
    assert rule.strip == (".two",)


def test_the_archives_own_rule_comes_before_a_site_config(tmp_path: Path) -> None:
    rules = book(tmp_path, lantern_test_toml=ONE, lantern_test_txt="title: //h1")
    rule = found(rules, URL)
    assert rule is not None
    assert rule.strip == (".one",)


def test_a_site_config_is_found_by_host_or_as_one_for_all_below_a_domain(tmp_path: Path) -> None:
    rules = book(tmp_path, crier_test_txt="title: //h1", _crier_test_txt="title: //h2")
    for url, title in (("https://www.crier.test/", "h1"), ("https://a.b.crier.test/", "h2")):
        rule = found(rules, url)
        assert rule is not None
        assert rule.title == (title,)


def test_a_feeds_content_is_read_by_its_relays_rule_and_by_what_the_outlets_strips(tmp_path: Path) -> None:
    relay = "[[rule]]\nrelay = true\nstrip = ['.relayed']"
    rules = book(tmp_path, relay_test_toml=relay, lantern_test_toml=ONE)
    both = found(rules, URL, "https://relay.test/feed")
    assert both is not None
    assert both.strip == (".relayed", ".one")
    assert both == joined(found(rules, "https://x.test/", "https://relay.test/feed"), found(rules, URL))
    page = found(rules, "https://relay.test/1")
    assert page is None  # a relay's rule is not about pages


def test_a_rule_file_that_changes_is_read_again_and_one_that_goes_is_forgotten(tmp_path: Path) -> None:
    rules, file = book(tmp_path, lantern_test_toml=ONE), tmp_path / "rules" / "lantern.test.toml"
    assert found(rules, URL) is not None
    file.write_text(TWO, encoding="utf-8")
    os.utime(file, ns=(1, 1))
    changed = found(rules, URL)
    assert changed is not None
    assert changed.strip == (".two",)
    file.unlink()
    assert found(rules, URL) is None


def test_a_rule_file_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    rules = book(tmp_path, lantern_test_toml=ONE)
    (tmp_path / "rules" / "lantern.test.toml").write_bytes(b"\xff\xfe")
    assert found(rules, URL) is None


# --- its tests --------------------------------------------------------------------------------------


def test_what_a_page_is_not_read_as_is_told() -> None:
    sample = Sample(
        url=URL,
        title="Other",
        byline="Ada Quill, Bo Reed",
        date="2026-03-03",
        next="https://www.lantern.test/x",
        contains=("harbour council", "a whale"),
        lacks=("12th time", "11th  time"),
    )
    told = failures(read(RULE), applied(RULE)[0], sample)
    assert told == (
        "title is 'Council hears of the quay', not 'Other'",
        "date is '2026-03-02', not '2026-03-03'",
        "next is 'https://www.lantern.test/news/7?page=2', not 'https://www.lantern.test/x'",
        "the text lacks 'a whale'",
        "the text still has '11th  time'",
    )
