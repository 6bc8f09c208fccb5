"""How well real pages and feed items are read. Floors rise freely and fall only by hand.

Scored by the data's own scripts; measured on 2026-11-22.
"""

import gzip
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.etree
import pytest

from dibao.errors import ExtractError
from dibao.extract import extract, from_entry, read_page
from dibao.extract.clean import clean
from dibao.model import Article, Credits, Entry

pytestmark = pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")

DATA = Path(os.environ.get("DIBAO_TEST_DATA", "."))
PER_SET = 20  # pages of each labelled set, evenly spread over it


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


# --- labelled pages -----------------------------------------------------------------------------------

# set: shingle F1 of the text (zh: one ideograph, one token), share of exact titles; None: not labelled
FLOORS = {
    "scrapinghub": ("f1", 0.95, None),
    "fundus": ("f1", 0.95, 0.80),
    "wcxb": ("f1", 0.95, 0.80),
    "readabilityjs": ("f1", 0.93, 0.68),
    "magichtml": ("cjkf1", 0.88, None),
    "gne_silver": ("cjkf1", 0.89, None),
    "cx163_silver": ("cjkf1", 0.91, None),
}


def sample() -> dict[str, list[dict[str, Any]]]:
    by_set: dict[str, list[dict[str, Any]]] = {name: [] for name in FLOORS}
    for label in lines(DATA / "pages/labels.jsonl"):
        if label["source_set"] in by_set and label.get("text") is not None:
            by_set[label["source_set"]].append(label)
    return {name: labels[:: max(1, len(labels) // PER_SET)][:PER_SET] for name, labels in by_set.items()}


def predict(label: dict[str, Any]) -> dict[str, Any]:
    body = gzip.decompress((DATA / "pages/pages" / f"{label['id']}.html.gz").read_bytes())
    try:
        article = read_page(body, url=label.get("url") or "https://x.example/")
    except ExtractError:
        return {}
    return {"text": article.text, "title": article.title, "author": list(article.authors)}


@pytest.mark.slow
def test_real_pages_are_read_as_well_as_ever() -> None:
    score = module(DATA / "pages/score.py")
    labels = sample()
    assert sum(map(len, labels.values())) >= 60
    for name, (measure, text, title) in FLOORS.items():
        result = score.evaluate(labels[name], {label["id"]: predict(label) for label in labels[name]})
        assert result[measure] >= text, (name, result)
        assert title is None or result["title_exact"] >= title, (name, result)


# --- Chinese pages and feed items -----------------------------------------------------------------------

GOLD_FLOORS = {
    "page": {"text": 0.93, "title": 1.0, "people": 0.70, "keywords": 0.98, "section": 0.70, "furniture": 0},
    "item": {
        "text": 0.995,
        "title": 0.99,
        "authors": 1.0,
        "captions": 0.95,
        "images": 0.84,
        "lead_image": 0.95,
        "names(recall only)": 0.95,
        "photo_credit": 0.95,
        "reporters": 1.0,
        "related": 0.70,
        "keywords": 1.0,
        "furniture": 5,
    },
}


def item(label: dict[str, Any]) -> Article:
    """Read a kept post's body as the feed's content that it was."""
    post = (DATA / "zh-gold/items" / f"{label['id']}.md").read_text(encoding="utf-8")
    _, front, body = post.split("---", 2)
    said = dict(re.findall(r"^(\w+): (.*)$", front, re.M))
    content = body.split("\n------\n", 1)[1] if "\n------\n" in body.split("<div", 1)[0] else body
    authors = (said["author"],) if "author" in said else ()
    told = Entry(link=said.get("from"), title=said["title"].strip('"'), content=content, authors=authors)
    return from_entry(told, outlet=label["outlet"])


def gold_prediction(label: dict[str, Any]) -> dict[str, Any]:
    if label["kind"] == "item":
        article = item(label)
    else:
        body = gzip.decompress((DATA / "zh-gold/pages" / f"{label['id']}.html.gz").read_bytes())
        article = read_page(body, url=label["url"], outlet=label["outlet"])
    made = article.credits or Credits()
    signed = (*made.reporters, *made.editors, *made.translators)
    return {
        "id": label["id"],
        "text": article.text,
        "title": article.title,
        "section": article.section,
        "people": list(dict.fromkeys((*article.authors, *signed))),
        "authors": list(article.authors),
        "keywords": list(article.keywords),
        "lead_image": article.media[0].url if article.media else None,
        "images": [media.url for media in article.media],
        "captions": [media.caption for media in article.media if media.caption],
        "photo_credit": next((media.credit for media in article.media if media.credit), None),
        "related": [link.url for link in article.links if link.role == "related"],
        "names": dict(article.names),
        "deck": article.dek,
        "agency": made.agency,
        "dateline_place": made.place,
        "dateline_day": made.day,
        "wire_date": made.text_date,
        "reporters": list(made.reporters),
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", GOLD_FLOORS)
def test_chinese_news_is_read_as_well_as_ever(kind: str, tmp_path: Path) -> None:
    labels = [label for label in lines(DATA / "zh-gold/labels.jsonl") if label["kind"] == kind]
    for name, rows in (("labels", labels), ("predictions", [gold_prediction(label) for label in labels])):
        (tmp_path / name).write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = tmp_path / "result"
    files = (tmp_path / "labels", tmp_path / "predictions")
    command = [sys.executable, DATA / "zh-gold/score_gold.py", *files, "--json", result]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    scored = json.loads(result.read_text(encoding="utf-8"))
    found = {name: scored[name]["exact"] for name in GOLD_FLOORS[kind] if name not in ("text", "furniture")}
    found["text"] = scored["text"]["f1"]
    short = {
        name: (found[name], floor)
        for name, floor in GOLD_FLOORS[kind].items()
        if name in found and found[name] < floor
    }
    assert not short
    assert scored["must_not_contain"]["left"] <= GOLD_FLOORS[kind]["furniture"]


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
