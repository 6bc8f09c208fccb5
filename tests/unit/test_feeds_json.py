import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from dibao.errors import FeedError
from dibao.feeds import parse_feed
from dibao.model import Enclosure, Feed

URL = "https://outlet.test/feed.json"


def read(*items: Any, **fields: Any) -> Feed:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "邸報", "items": items, **fields}
    return parse_feed(json.dumps(document).encode(), url=URL)


def test_a_json_feed_is_read_whole() -> None:
    item = {
        "id": 7,
        "url": "/1",
        "title": "第一則",
        "content_html": "<p>全文</p>",
        "summary": "摘要",
        "date_published": "2024-03-05T14:07:08+08:00",
        "authors": [{"name": "王"}, {"name": "王"}, {}],
        "tags": ["政治"],
        "attachments": [{"url": "https://o.test/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}],
    }
    feed = read(
        item, home_page_url="https://outlet.test/", language="zh-Hant", hubs=[{"url": "https://hub.test/"}]
    )
    (entry,) = feed.entries
    assert (feed.format, feed.title, feed.link, feed.language, feed.hub) == (
        "json1.1",
        "邸報",
        "https://outlet.test/",
        "zh-Hant",
        "https://hub.test/",
    )
    assert (entry.guid, entry.link, entry.title) == ("7", "https://outlet.test/1", "第一則")
    assert entry.published == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
    assert (entry.content, entry.summary) == ("<p>全文</p>", "摘要")
    assert (entry.authors, entry.categories) == (("王",), ("政治",))
    assert entry.enclosures == (Enclosure(url="https://o.test/a.mp3", type="audio/mpeg", length=12),)
    assert json.loads(entry.raw) == item


def test_version_10_has_one_author_and_plain_text_becomes_html() -> None:
    feed = read(
        {"id": "1", "author": {"name": "王"}, "content_text": "a < b\nc\n\nd"},
        version="https://jsonfeed.org/version/1",
    )
    assert (feed.format, feed.entries[0].authors) == ("json1", ("王",))
    assert feed.entries[0].content == "<p>a &lt; b<br>c</p><p>d</p>"


def test_values_of_wrong_types_are_missing_values() -> None:
    item = {
        "id": [1],
        "url": {"a": 1},
        "title": 5,
        "content_html": False,
        "authors": "x",
        "tags": [1, None, {}],
    }
    entry = read(item, hubs="x", title=None).entries[0]
    assert (entry.guid, entry.link, entry.title, entry.content) == (None, None, "5", None)
    assert (entry.authors, entry.categories) == ((), ("1",))


def test_one_broken_item_is_counted_and_the_others_kept() -> None:
    feed = read("x", {"id": "1"}, None)
    assert [entry.guid for entry in feed.entries] == ["1"]
    assert feed.notes == ("2 entries could not be read",)


def test_a_lone_surrogate_and_a_giant_number_are_survived() -> None:
    body = b'{"items":[{"id":' + b"9" * 5000 + b',"title":"a\\ud800b","x":NaN}]} trailing'
    feed = parse_feed(body, url=URL)
    assert feed.entries[0].title == "ab"
    assert feed.entries[0].guid == "9" * 5000
    assert feed.notes == ("text after the feed left out",)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"items":',
        b"[1]",
        b'{"items": {}}',
        b'{"items":[' + b"[" * 900 + b"]" * 900,
    ],
)
def test_other_json_is_a_feed_error(body: bytes) -> None:
    with pytest.raises(FeedError):
        parse_feed(body, url=URL)


def test_the_list_of_the_feed_is_told_from_a_list_of_that_name_within() -> None:
    items = [{"id": str(n), "content_text": "字" * 1000} for n in range(3)]
    text = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "_menu": {"items": [{"id": "not this"}]},
            "items": items,
        }
    )
    feed = parse_feed(text[:-100].encode(), url="https://outlet.test/")
    assert [entry.guid for entry in feed.entries] == ["0", "1"]


def test_however_deep_an_item_is_it_is_read_or_no_feed() -> None:
    for depth in range(500, 1001, 5):
        deep = '{"a":' * depth + "1" + "}" * depth
        body = f'{{"items": [{{"id": "1", "title": "一", "_x": {deep}}}]}}'
        with suppress(FeedError):
            assert [entry.title for entry in parse_feed(body.encode(), url=URL).entries] == ["一"]
