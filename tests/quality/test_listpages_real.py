"""Lists of headlines on real pages: what is found on them is sound, and nothing breaks on any."""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from dibao import urls
from dibao.errors import FeedError
from dibao.feeds import read_list_page

DATA = os.environ.get("DIBAO_TEST_DATA")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA, reason="DIBAO_TEST_DATA is not set")]


def test_what_is_learnt_from_real_pages_is_sound() -> None:
    folder = Path(DATA or "", "pages")
    counts: Counter[str] = Counter()
    for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        body = gzip.decompress((folder / "pages" / f"{label['id']}.html.gz").read_bytes())
        try:
            feed = read_list_page(body, url=label["url"] or "https://x.example/a/b")
        except FeedError as error:
            counts[error.why] += 1
            continue
        links = [entry.link or "" for entry in feed.entries]
        assert len(set(links)) == len(links)
        assert all(map(urls.parse, links))
        counts["lists"] += 1
        counts["entries"] += len(links)
        counts["titles"] += sum(bool(entry.title) for entry in feed.entries)
        counts["dates"] += sum(entry.published is not None for entry in feed.entries)
        counts["said"] += sum(entry.published_raw is not None for entry in feed.entries)
    # Most are articles, with a list of others beside or below them, or none.
    assert set(counts) == {
        "lists",
        "entries",
        "titles",
        "dates",
        "said",
        "no list of headlines found; give a CSS selector",
    }
    assert counts["lists"] > 300
    assert counts["titles"] == counts["entries"]
    assert counts["dates"] > 0.6 * counts["said"] > 0
