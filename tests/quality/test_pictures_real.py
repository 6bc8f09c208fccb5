"""How many pictures and captions of real pages are kept. Floors rise freely and fall only by hand.

A picture is told by its file's name, a caption by its first forty letters; measured on 2026-11-24.
"""

import gzip
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from bench.labelled import items, ours
from dibao.errors import ExtractError
from dibao.extract import read_page
from dibao.model import Media
from tests.quality.test_extract_real import lines

pytestmark = pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")

DATA = Path(os.environ.get("DIBAO_TEST_DATA", "."))
LEAD, CAPTIONS = 0.91, 0.74  # shares of those labelled on pages in thirty languages
UNLABELLED = 0.30  # of the pictures that were kept, at most: beside the article, or not worth a label
LEAD_OF_ITEMS = 0.95


def names(addresses: Iterable[str]) -> set[str]:
    paths = (unquote(urlsplit(address.strip().rstrip(",")).path).rstrip("/") for address in addresses)
    return {path.rpartition("/")[2].lower() for path in paths}


def begins(caption: str | None) -> str:
    return re.sub(r"\W+", "", caption or "").casefold()[:40]


def pictures(label: dict[str, Any]) -> tuple[Media, ...]:
    body = gzip.decompress((DATA / "pages/pages" / f"{label['id']}.html.gz").read_bytes())
    try:
        media = read_page(body, url=label["url"]).media
    except ExtractError:
        return ()
    return tuple(each for each in media if each.kind == "image")


@pytest.mark.slow
def test_lead_pictures_and_captions_are_kept_as_well_as_ever() -> None:
    labels = [label for label in lines(DATA / "pages/labels.jsonl") if label.get("images")]
    assert len(labels) >= 100
    leads = found = wanted = kept = unlabelled = 0
    for label in labels:
        shown = pictures(label)
        offered = [names(picture) for picture in label["images"]]
        leads += any(offered[0] & names(media.addresses) for media in shown)
        kept += len(shown)
        unlabelled += sum(not any(names(media.addresses) & each for each in offered) for media in shown)
        have = [begins(media.caption) for media in shown if media.caption]
        captions = [begins(caption) for caption in label.get("captions") or () if begins(caption)]
        wanted += len(captions)
        found += sum(
            any(caption.startswith(each) or each.startswith(caption) for each in have) for caption in captions
        )
    assert leads / len(labels) >= LEAD
    assert found / wanted >= CAPTIONS
    assert unlabelled / kept <= UNLABELLED


@pytest.mark.slow
def test_the_lead_picture_of_chinese_items_is_kept_as_well_as_ever() -> None:
    labels = [label for label in lines(DATA / "zh-gold/labels.jsonl") if label.get("lead_image")]
    assert len(labels) >= 90
    read = {label["id"]: ours((label, path)) for label, path in items()}
    leads = [next(iter(read[label["id"]]["images"]), None) for label in labels]
    right = sum(lead == label["lead_image"] for lead, label in zip(leads, labels, strict=True))
    assert right / len(labels) >= LEAD_OF_ITEMS
