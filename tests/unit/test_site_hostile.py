"""Hostile texts from outside data, as titles, names and keywords, through posts and site."""

import html
import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dibao.model import Kept, Media, Source
from dibao.publish.posts import posts
from dibao.publish.site import Renderer, Site
from dibao.publish.write import Folder
from dibao.text import printable, squeeze
from tests import gazette

pytestmark = pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")


def hostile() -> Path:
    return Path(os.environ["DIBAO_TEST_DATA"]) / "hostile"


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, hostile() / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(name: str) -> list[dict[str, Any]]:
    rows = (hostile() / f"dev/{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(row) for row in rows if row]


def texts() -> list[str]:
    rows = lines("text")
    return [row["text"] if row["text"] is not None else row["repeat"][0] * row["repeat"][1] for row in rows]


def payloads() -> list[str]:
    return [row["payload"] for row in lines("xss")]


def article(text: str, name: str) -> Kept:
    said = html.escape(text)
    return gazette.kept(
        gazette.article(
            text,
            f"<p>{said}</p><pre>{said}</pre>",
            authors=(text,),
            keywords=(text, f"x{text}"),
            section=text,
            kicker=text,
            dek=text,
            media=(Media(url="https://e.test/p.jpg", caption="c", credit=text),),
        ),
        Source(id=5, name=text, url="https://e.test/f"),
        name=name,
        why=text,
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the checker's open files
def test_posts_of_hostile_texts_break_no_rule(tmp_path: Path) -> None:
    check = tool("check_post")
    said = texts()
    pages = list(posts(article(text, f"t{at}") for at, text in enumerate(said)))
    assert Folder(tmp_path).write(pages) == len(said)
    for text, page in zip(said, pages, strict=True):
        title = squeeze(printable(text)) or "(untitled)"
        assert check.violations_post(str(tmp_path / page.path), str(tmp_path), expect_title=title) == []
    assert check.violations_names([page.path for page in pages]) == []


@pytest.mark.slow
def test_pages_of_hostile_texts_break_no_rule() -> None:
    check, ready = tool("check_html"), Renderer(Site(title="T"))

    def page(text: str) -> str:
        kept = article(text, "x")
        return ready.article_page(kept, gazette.headline(kept)).body.decode()

    twin = page("harmless")
    for text in [text for text in texts()[::4] if squeeze(printable(text))] + payloads()[::40]:
        assert check.violations(page(text), content=".text", twin=twin) == [], text


def test_lists_of_hostile_texts_break_no_rule() -> None:
    check, ready = tool("check_html"), Renderer(Site(title="T"))

    def lists(text: str) -> list[str]:
        pages = list(ready.list_pages([gazette.headline(article(text, "x"))]))
        return [page.body.decode() for page in pages if page.path in ("index.html", "tag/index.html")]

    twins = lists("harmless")
    for text in payloads()[::80]:
        for page, twin in zip(lists(text), twins, strict=True):
            assert check.violations(page, content=".colophon", twin=twin) == [], text
