"""How well real pages and feed items are read. Floors rise freely and fall only by hand.

The data's own scorers judge (`bench/labelled.py`). The weights that come with dibao were learned on these
very pages, so that these floors say whether something broke, not how well pages are read that nobody has
seen: that is what `python -m learn --check` tells, by five folds in which no site is both learned from and
read. Its figures stand in docs/extraction.md.
"""

import importlib.util
import json
import os
from multiprocessing import Pool
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.etree
import pytest

from bench.labelled import Found, digest, items, measured, ours, pages
from dibao.errors import ExtractError
from dibao.extract import extract, from_entry, read_page
from dibao.extract.clean import clean
from dibao.model import Article, Entry

DATA_GIVEN = bool(os.environ.get("DIBAO_TEST_DATA"))
pytestmark = pytest.mark.skipif(not DATA_GIVEN, reason="DIBAO_TEST_DATA is not set")

DATA = Path(os.environ.get("DIBAO_TEST_DATA", "."))


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# --- the seed's item --------------------------------------------------------------------------------


def seed_entry() -> Entry:
    item = lxml.etree.parse(DATA.parent / "seed/cna.xml").find(".//item")
    assert item is not None
    return Entry(
        link=item.findtext("link"), title=item.findtext("title"), content=item.findtext("description")
    )


def as_page(entry: Entry) -> bytes:
    head = f"<head><title>{entry.title} | 兩岸 | 中央社 CNA</title></head>"
    story = f"<article><h1>{entry.title}</h1>{entry.content}</article>"
    body = f"<nav><a href=/>首頁</a></nav>{story}<footer>關於我們</footer>"
    return f"<html>{head}<body>{body}</body></html>".encode()


@pytest.fixture(params=["feed", "page"])
def seed(request: pytest.FixtureRequest) -> Article:
    entry = seed_entry()
    if request.param == "feed":
        return from_entry(entry, outlet="(臺)中央社CNA")
    return read_page(as_page(entry), url=entry.link or "", outlet="(臺)中央社CNA")


@pytest.fixture
def gold() -> dict[str, Any]:
    return dict(json.loads((DATA.parent / "seed/seed-gold.json").read_text(encoding="utf-8")))


def test_the_seeds_item_is_read_as_a_careful_editor_would(seed: Article, gold: dict[str, Any]) -> None:
    assert seed.title == gold["title"]
    assert seed.text.split("\n\n") == gold["paragraphs"]
    assert not [text for text in gold["must_not_contain"] if text in seed.html]
    assert seed.language == gold["language"]
    assert dict(seed.names) == gold["bilingual_names"]
    assert seed.authors == tuple(gold["authors"])


def test_the_seeds_lead_picture_has_its_caption_once(seed: Article, gold: dict[str, Any]) -> None:
    (picture,) = seed.media
    assert picture.url == gold["lead_image"]
    assert set(picture.candidates) == set(gold["lead_image_candidates"])
    assert (picture.caption, picture.credit) == (gold["lead_image_caption"], gold["photo_credit"])
    assert seed.html.count(gold["lead_image_caption"]) == gold["caption_times"]


def test_the_seeds_credits_are_read(seed: Article, gold: dict[str, Any]) -> None:
    made = seed.credits
    assert made is not None
    assert (made.agency, made.place, made.day) == (
        gold["agency"],
        gold["dateline_place"],
        gold["dateline_day"],
    )
    assert (made.editors, made.text_date) == (tuple(gold["editors"]), gold["wire_date"])


def test_what_stands_beside_the_seeds_item_is_kept(gold: dict[str, Any]) -> None:
    article = from_entry(seed_entry())
    beside = {
        role: [link.url for link in article.links if link.role == role] for role in ("related", "promoted")
    }
    assert article.keywords == tuple(gold["keywords"])
    assert beside["related"] == [link["url"] for link in gold["related"]]
    assert beside["promoted"] == [link["url"] for link in gold["promoted"]]
    assert article.credits is not None
    assert article.credits.relay == gold["relay"]


# --- labelled pages and items -------------------------------------------------------------------------

CORPUS = "9cfd22b71ed4584c031f0d53ee54e8145be8bacef32b90a793b11cb8b1b1b8d8"
FLOORS = {
    "text, scrapinghub": 0.988,
    "text, fundus": 0.973,
    "text, wcxb": 0.975,
    "text, trafeval": 0.951,
    "text, magichtml": 0.928,
    "text, gne_silver": 0.964,
    "text, cx163_silver": 0.981,
    "text, tw_silver": 0.944,  # one label holds a line that its page hides
    "text, readabilityjs": 0.964,
    "text, all Chinese pages": 0.953,
    "title, fundus": 0.894,
    "author, fundus": 0.726,
    "author or outlet, fundus": 0.891,
    "date (UTC), fundus": 0.967,
    "date (the page's own day), fundus": 0.982,
    "title, wcxb": 0.833,
    "author, wcxb": 0.749,
    "author or outlet, wcxb": 0.835,
    "date (UTC), wcxb": 0.886,
    "date (the page's own day), wcxb": 0.894,
    "lead image, fundus": 0.879,
    "captions, fundus": 0.761,
    "text, zh-gold": 0.99,
    "title, zh-gold": 1.0,
    "section, zh-gold": 0.934,
    "people, precision, zh-gold": 1.0,
    "people, recall, zh-gold": 0.938,  # one label names an outlet
    "keywords, precision, zh-gold": 1.0,
    "keywords, recall, zh-gold": 1.0,
    "text, items": 0.993,
    "title, items": 1.0,
    "lead image, items": 0.96,
    "photo credit, items": 1.0,
    "authors, items": 1.0,
    "keywords, precision, items": 1.0,
    "keywords, recall, items": 1.0,
    "captions, precision, items": 0.968,
    "captions, recall, items": 1.0,
    "images, precision, items": 0.991,
    "images, recall, items": 0.874,
    "names, recall, items": 0.974,
}
FURNITURE = {"zh-gold": 0, "items": 3}  # strings beside the text that are left in it, at most


def is_pinned() -> bool:
    return (DATA / "pages/labels.jsonl").is_file() and digest() == CORPUS


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    """Return what is read of every page and item. What is no ExtractError comes through, and fails."""
    with Pool() as pool:
        return {read["id"]: read for read in pool.imap(ours, [*pages(), *items()], chunksize=8)}


@pytest.mark.slow
def test_every_real_page_is_read_or_told_to_have_no_article(found: dict[str, Found]) -> None:
    refused = {name: read["error"] for name, read in found.items() if "error" in read}
    assert all("no article" in error for error in refused.values()), refused
    assert len(refused) <= len(found) / 200, refused


@pytest.mark.slow
@pytest.mark.skipif(not is_pinned(), reason="other labels: their figures can't be compared")
def test_real_pages_and_items_are_read_as_well_as_ever(found: dict[str, Found]) -> None:
    told = measured([label for label, _ in (*pages(), *items())], found)
    reached = {name: round(told[name].value, 4) for name in FLOORS}
    assert not {name: (reached[name], floor) for name, floor in FLOORS.items() if reached[name] < floor}
    left = {name: told[f"furniture left, {name}"].value for name in FURNITURE}
    assert all(left[name] <= most for name, most in FURNITURE.items()), left


# --- hostile content --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_hostile_payload_leaves_anything_that_acts() -> None:
    check = module(DATA / "hostile/tools/check_html.py")
    payloads = [row["payload"] for row in lines(DATA / "hostile/dev/xss.jsonl")]
    assert len(payloads) > 1000
    for payload in payloads:
        assert not check.violations(clean(payload, "https://x.example/")), payload


@pytest.mark.slow
def test_no_hostile_payload_leaves_anything_in_an_article() -> None:
    check = module(DATA / "hostile/tools/check_html.py")
    for row in lines(DATA / "hostile/dev/xss.jsonl")[::5]:
        story = "<p>A paragraph of an ordinary article about the harbour.</p>" * 5
        body = f"<article>{row['payload']}{story}</article>"
        try:
            article = extract(
                body.encode("utf-8", "replace"), url="https://x.example/", entry=Entry(content=row["payload"])
            )
        except ExtractError:
            continue
        assert not check.violations(article.html), row["payload"]
