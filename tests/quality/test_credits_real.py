"""Credits in real articles: what is found in their middles is no dateline, byline or note."""

import json
import os
from pathlib import Path

import pytest

from dibao.extract.credits import credits

DATA = Path(os.environ.get("DIBAO_TEST_DATA", "/nonexistent"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="DIBAO_TEST_DATA is not set or not there")

# Of 35,000; each was looked at, and is a credit where several articles share a page, or a picture has one.
MOST = 10


def middles() -> list[str]:
    """Return the paragraphs of labelled articles that are neither among the first nor the last."""
    found: dict[str, None] = {}
    for line in (DATA / "pages/labels.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line).get("text") or ""
        said = [paragraph.strip() for paragraph in text.split("\n") if paragraph.strip()]
        found.update(dict.fromkeys(said[3:-4]))
    return list(found)


@pytest.mark.slow
def test_nothing_is_found_in_the_middle_of_real_articles() -> None:
    paragraphs = middles()
    assert len(paragraphs) > 10_000
    found = [paragraph for paragraph in paragraphs if credits(paragraph)]
    assert len(found) <= MOST, found
