"""The files of an article in our feeds: which of them, in what order, and none twice."""

import json
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from dibao import parse_feed
from dibao.model import Enclosure, Entry, Media
from dibao.ports import Page
from dibao.publish.feeds import Channel, Document, atom, json_feed, rss
from dibao.publish.items import Item, item
from tests import gazette

BASE = "https://e.test/news/"
CHANNEL = Channel(title="海角", subtitle="", language="en", base=BASE, icon="assets/icon.svg", hub="")
SOUND = Enclosure(url="https://herald.test/marsh.mp3", type="audio/mpeg", length=9)
FILM = Media(url="https://herald.test/marsh.mp4", kind="video")
LEAD, SECOND = (Media(url=f"https://herald.test/{name}.jpg") for name in ("lead", "second"))
SMALL = Enclosure(url="https://herald.test/small.jpg", type="image/jpeg", length=9)


def made(
    *media: Media, announced: tuple[Enclosure, ...] = (), copy: Callable[[str], Enclosure | None]
) -> Item:
    said = gazette.article("Marsh", media=media)
    return item(gazette.kept(said, entry=Entry(enclosures=announced)), BASE, copy)


def not_kept(url: str) -> None:
    return None


def kept_as_png(url: str) -> Enclosure | None:
    if not url.endswith(".jpg"):
        return None
    return Enclosure(url=f"media/{PurePosixPath(url).stem}.png", type="image/png", length=7)


def names(files: tuple[Enclosure, ...]) -> list[str]:
    return [PurePosixPath(file.url).name for file in files]


@pytest.mark.parametrize("announced", [(SOUND, SMALL), (SMALL, SOUND)])
def test_the_lead_picture_of_the_page_comes_first_whatever_the_feed_announced(
    announced: tuple[Enclosure, ...],
) -> None:
    one = made(FILM, LEAD, SECOND, announced=announced, copy=not_kept)
    assert names(one.files) == ["lead.jpg", "marsh.mp3", "marsh.mp4"]


def test_a_lead_picture_that_the_feed_announced_too_still_comes_first_and_once() -> None:
    again = Enclosure(url=LEAD.url, type="image/jpeg", length=9)
    one = made(LEAD, announced=(SOUND, again), copy=not_kept)
    assert names(one.files) == ["lead.jpg", "marsh.mp3"]


def test_a_file_that_page_and_feed_name_stands_where_it_was_first_named() -> None:
    sound = Media(url=SOUND.url, kind="audio")
    one = made(FILM, sound, announced=(SOUND, SOUND), copy=not_kept)
    assert names(one.files) == ["marsh.mp3", "marsh.mp4"]
    assert one.files[0].type == "audio/mpeg"  # as the feed said, which came first


def test_what_another_site_plays_is_no_file_of_the_article() -> None:
    page = Media(url="https://video.test/watch?v=1", kind="video")
    post = Media(url="https://social.test/harbour/status/1", kind="post")
    assert names(made(LEAD, page, post, FILM, copy=not_kept).files) == ["lead.jpg", "marsh.mp4"]


def test_pictures_of_a_feed_keep_its_order_where_the_page_has_none() -> None:
    others = tuple(Enclosure(url=f"https://herald.test/{n}.jpg", medium="image") for n in (3, 1, 2))
    assert names(made(announced=(*others, others[0]), copy=not_kept).files) == ["3.jpg", "1.jpg", "2.jpg"]


def test_two_pictures_with_one_copy_are_one_file() -> None:
    twins = tuple(Enclosure(url=f"https://{host}.test/p.jpg", medium="image") for host in ("a", "b"))
    (file,) = made(announced=twins, copy=kept_as_png).files
    assert file == Enclosure(url=f"{BASE}media/p.png", type="image/png", length=7, medium="image")


@pytest.mark.parametrize("write", [atom, rss, json_feed], ids=["atom", "rss", "json"])
@pytest.mark.parametrize("copy", [not_kept, kept_as_png])
def test_whoever_reads_the_feed_meets_the_lead_picture_before_all_others(
    write: Callable[[Document], Page], copy: Callable[[str], Enclosure | None]
) -> None:
    one = made(FILM, LEAD, SECOND, announced=(SMALL, SOUND), copy=copy)
    body = write(Document(channel=CHANNEL, items=[one])).body
    (entry,) = parse_feed(body, url=BASE).entries
    pictures = [file for file in entry.enclosures if "image" in f"{file.medium}{file.type}"]
    assert names(tuple(pictures))[:1] == ["lead.png" if copy is kept_as_png else "lead.jpg"]


def test_the_picture_of_a_json_item_is_its_lead_picture() -> None:
    one = made(LEAD, SECOND, announced=(SMALL,), copy=kept_as_png)
    (written,) = json.loads(json_feed(Document(channel=CHANNEL, items=[one])).body)["items"]
    assert written["image"] == f"{BASE}media/lead.png"
