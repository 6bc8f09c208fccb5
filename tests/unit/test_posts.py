"""Posts: stable unique names, safe front matter, and what a reader must know first."""

import json
import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dibao.model import Kept, Source, Verdict
from dibao.publish.frontmatter import front_matter, quoted
from dibao.publish.names import unique
from dibao.publish.posts import file_name, post, posts
from dibao.text import printable
from tests import gazette


def parts(kept: Kept) -> tuple[dict[str, Any], str]:
    _, head, body = post(kept).body.decode().split("---\n", 2)
    return yaml.safe_load(head), body


def test_the_fields_of_a_post_keep_people_and_outlet_apart() -> None:
    fields, _ = parts(gazette.marsh())
    assert fields == {
        "layout": "post",
        "title": "The sea gets its field back: Saltmarsh opens the gates",
        "date": "2026-11-20T09:00:00+00:00",
        "author": "Ines Calloway, Tom Rudd",
        "from": "https://herald.test/marsh",
        "id": f"{gazette.key_of('marsh')}@1",
        "categories": ["The Saltmarsh Herald"],
        "tags": ["salt marsh", "tides", "Saltmarsh Trust"],
        "lang": "en-GB",
        "description": "After forty years of pumping, a trust stops arguing with the tide.",
        "image": "https://herald.test/pic/marsh.jpg",
        "slug": f"the-sea-gets-its-field-back-saltmarsh-opens-the-gates-{gazette.key_of('marsh')[:10]}",
    }


def test_a_post_without_people_names_no_author() -> None:
    fields, _ = parts(gazette.ferry())
    assert "author" not in fields
    assert fields["categories"] == ["潮汐通訊社"]


def test_the_canonical_address_is_where_a_post_comes_from() -> None:
    fields, body = parts(
        gazette.kept(
            gazette.article("A", canonical_url="https://herald.test/a"), url="https://herald.test/a?amp"
        )
    )
    assert fields["from"] == "https://herald.test/a"
    assert body.endswith("\n\nSource: [The Saltmarsh Herald](https://herald.test/a)\n")


def test_an_edit_changes_the_post_but_never_its_path() -> None:
    before = gazette.kept(gazette.article("Old title"))
    after = gazette.later(
        before, Verdict.CHANGED, title="New title", published_at=gazette.NOON + timedelta(days=3)
    )
    assert post(after).path == post(before).path
    fields, _ = parts(after)
    assert (fields["title"], fields["id"][-2:]) == ("New title", "@2")
    assert fields["updated"] == "2026-11-20T10:00:00+00:00"


def test_the_day_in_a_name_is_utc_and_the_first_sight_where_no_date_is_believed() -> None:
    late = gazette.NOON + timedelta(hours=20)
    undated = gazette.kept(gazette.article("A", published_at=None), seen_at=late)
    assert post(undated).path.startswith("2026/2026-11-21-a-")


def test_two_articles_with_one_title_on_one_day_have_two_files() -> None:
    one, two = (gazette.kept(gazette.article("Same"), name=name) for name in ("one", "two"))
    assert len({post(one).path, post(two).path}) == 2


@pytest.mark.parametrize("title", gazette.NASTY)
def test_a_name_is_safe_whatever_the_title(title: str) -> None:
    path = post(gazette.kept(gazette.article(title))).path
    assert re.fullmatch(r"2026/2026-11-20-[\w-]+\.md", path)
    assert len(path.removeprefix("2026/").encode()) <= 120
    assert path == unicodedata.normalize("NFC", path).lower()


@given(st.lists(st.text(max_size=30), min_size=2, max_size=6, unique=True))
def test_names_stay_apart_on_disks_that_ignore_case_and_form(titles: list[str]) -> None:
    articles = [gazette.kept(gazette.article(title), name=f"{at}") for at, title in enumerate(titles)]
    names = {unicodedata.normalize("NFKC", page.path.casefold()) for page in posts(articles)}
    assert len(names) == len(titles)


def test_a_long_chinese_title_is_cut_between_characters() -> None:
    name = file_name(gazette.kept(gazette.article("長" * 80)))
    assert "長" * 30 in name
    assert "\ufffd" not in name


@given(st.text())
def test_any_string_is_read_back_from_yaml_as_it_is(text: str) -> None:
    assert yaml.safe_load(f"title: {quoted(text)}") == {"title": printable(text)}


@given(st.text())
def test_a_quoted_string_is_one_line_of_printable_text(text: str) -> None:
    line = quoted(text)
    assert len(line.splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", line)


def test_empty_and_missing_fields_are_left_out_of_front_matter() -> None:
    assert front_matter({"a": "x", "b": None, "c": "", "d": ()}) == '---\na: "x"\n---\n'


def test_front_matter_is_json_too_so_that_other_readers_agree() -> None:
    text = 'a "b" \\ 中文 😀\ttab'
    assert json.loads(quoted(text)) == text


def test_a_removed_article_says_so_first_in_its_own_language() -> None:
    _, body = parts(gazette.books())
    assert body.lstrip().startswith("*来源已撤下这篇报道，2026年11月21日发现时已不在")
    assert "书最怕的不是水" in body


def test_a_removal_hides_nothing_even_if_its_revision_says_nothing() -> None:
    gone = gazette.later(gazette.marsh(), Verdict.GONE, html="", title=None)
    fields, body = parts(gone)
    assert fields["title"].startswith("The sea")
    assert "Maud Ferrier" in body


def test_an_excerpt_says_why_it_is_only_that() -> None:
    _, body = parts(gazette.excerpt())
    assert body.lstrip().startswith("*這裡只保存了來源摘要。 (https\\://tide.test/keeper answered 403)*")


def test_the_lead_picture_stands_first_with_its_caption_below() -> None:
    _, body = parts(gazette.ferry())
    first, second = body.strip().split("\n\n")[:2]
    assert first.endswith("](https://tide.test/pic/ferry.jpg)")
    assert second == "*「望安號」20日傍晚駛離澎嶼碼頭，船身漆著漁會孩子畫的海膽。 白鷺攝*"


def test_a_picture_that_the_text_shows_is_not_shown_twice() -> None:
    _, body = parts(gazette.books())
    assert body.count("stall.jpg") == 1


def test_an_article_of_nothing_is_still_a_post() -> None:
    nothing = gazette.kept(
        gazette.article(None, "", text="", published_at=None),
        Source(name="s", url="https://s.test/"),
        url=None,
    )
    fields, body = parts(nothing)
    assert fields["title"] == "(untitled)"
    assert body == "\nSource: s\n"


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("Taiwan", "taiwan", "ＴＡＩＷＡＮ"), True),
        (("New York", "new  york", "new-york"), True),
        (("A. Clerk", "A Clerk"), True),
        (("C", "C++", "C#"), False),
        (("臺灣", "台湾"), False),
        (("con", "index", "...", "", "😀", "/", "a/b", "ab"), False),
    ],
)
def test_words_share_a_file_name_only_when_they_are_the_same_word(names: tuple[str, ...], same: bool) -> None:
    files = {unique(name) for name in names}
    assert len(files) == (1 if same else len(names))
    assert all(re.fullmatch(r"[\w-]+", file) for file in files)
    assert not {"con", "index"} & files
