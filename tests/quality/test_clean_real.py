"""What is written of real pages is the same when it is cleaned again, as older rows are before publishing."""

import gzip
import json
import os
from pathlib import Path

import pytest

from dibao.charset import decode
from dibao.errors import ExtractError
from dibao.extract import read_page
from dibao.extract.clean import clean

PAGES = Path(os.environ.get("DIBAO_TEST_DATA", "/nowhere")) / "pages"
STEP = 4  # every fourth page: a minute is enough for a property

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="DIBAO_TEST_DATA is not set or has no pages")


def some_pages() -> list[tuple[str, bytes]]:
    labels = [json.loads(line) for line in (PAGES / "labels.jsonl").read_text("utf-8").splitlines()][::STEP]
    return [
        (label.get("url") or "https://news.example/a/b", gzip.decompress(file.read_bytes()))
        for label in labels
        if (file := PAGES / "pages" / f"{label['id']}.html.gz").is_file()
    ]


def test_articles_of_real_pages_are_the_same_when_cleaned_again() -> None:
    changed, read = [], 0
    for url, body in some_pages():
        try:
            html = read_page(body, url=url).html
        except ExtractError:
            continue
        read += 1
        if clean(html) != html:
            changed.append(url)
    assert changed == []
    assert read > 100


def test_whole_real_pages_are_the_same_when_cleaned_again() -> None:
    pages = [(url, clean(decode(body)[0], url)) for url, body in some_pages()]
    assert [url for url, once in pages if clean(once) != once] == []
    assert sum(bool(once) for _, once in pages) > 100
