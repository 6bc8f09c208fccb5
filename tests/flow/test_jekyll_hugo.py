"""Real Jekyll and Hugo build the posts, and what they show is what the articles say."""

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dibao.model import Kept, Media, Source
from dibao.publish.posts import file_name, posts
from dibao.publish.write import Folder
from dibao.text import printable
from tests import gazette

LAYOUT = "<h1>{{ page.title | escape }}</h1>\n<main>{{ content }}</main>"
SINGLE = "<h1>{{ .Title }}</h1>\n<main>{{ .Content }}</main>"

needs_jekyll = pytest.mark.skipif(not shutil.which("jekyll"), reason="jekyll is not installed")
needs_hugo = pytest.mark.skipif(not shutil.which("hugo"), reason="hugo is not installed")


def body_of(text: str) -> str:
    shown = html.escape(printable(text))
    return (
        f"<p>{shown}</p><p>x<strong>{shown}</strong>y</p><ul><li>{shown}</li></ul>"
        f"<table><tr><th>a</th><th>{shown}</th></tr><tr><td>{shown}</td><td>b</td></tr></table>"
        f'<p><a href="https://e.test/{shown}">{shown}</a> <code>{shown}</code></p>'
        f"<pre>{shown}\n{shown}</pre>"
    )


def nasty_articles() -> list[Kept]:
    return [
        gazette.kept(
            gazette.article(
                text,
                body_of(text),
                authors=(text,),
                keywords=(text, "plain"),
                language="en",
                dek=text,
                media=(Media(url="https://e.test/p.jpg", caption=text),),
            ),
            Source(id=9, name=text, url="https://e.test/feed"),
            name=text,
        )
        for text in gazette.NASTY
    ]


def squashed(page: str) -> str:
    """Return the text a reader of an HTML page sees, without spaces."""
    without_tags = re.sub(r"<[^>]*>", "", page)
    return re.sub(r"\s", "", html.unescape(without_tags))


def run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def built_by_jekyll(folder: Path, articles: list[Kept]) -> dict[str, str]:
    (folder / "_config.yml").write_text("plugins: []\ntitle: t\npermalink: /posts/:slug.html\n")
    (folder / "_layouts").mkdir()
    (folder / "_layouts/post.html").write_text(LAYOUT)
    Folder(folder / "_posts").write(posts(articles))
    run(["jekyll", "build", "--disable-disk-cache", "--quiet"], folder)
    pages = {page.stem: page.read_text() for page in (folder / "_site/posts").glob("*.html")}
    assert {page.name for page in (folder / "_site").iterdir()} == {"posts"}
    return pages


def built_by_hugo(folder: Path, articles: list[Kept]) -> dict[str, str]:
    (folder / "config.toml").write_text('baseURL = "https://e.test/"\n')
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/_default/single.html").write_text(SINGLE)
    Folder(folder / "content/posts").write(posts(articles))
    run(["hugo", "--quiet"], folder)
    return {page.parent.name: page.read_text() for page in (folder / "public/posts").glob("**/index.html")}


def slug_of(kept: Kept) -> str:
    return file_name(kept)[len("2026-11-20-") :]


def assert_shown(pages: dict[str, str], articles: list[Kept]) -> None:
    for kept in articles:
        page = pages[slug_of(kept)]
        said = re.sub(r"\s", "", printable(kept.latest.article.title or ""))
        title, main = re.split("</h1>", page, maxsplit=1)
        assert squashed(title) == (said or "(untitled)")
        assert not said or squashed(main).count(said) >= 8, (said, main)
        assert not re.search(r"<(script|b|img[^>]* onerror|figure)[ >]", page), page


@needs_jekyll
@pytest.mark.slow
def test_jekyll_shows_every_text_as_it_is_and_evaluates_nothing(tmp_path: Path) -> None:
    articles = nasty_articles()
    assert_shown(built_by_jekyll(tmp_path, articles), articles)


@needs_hugo
@pytest.mark.slow
def test_hugo_shows_every_text_as_it_is_and_evaluates_nothing(tmp_path: Path) -> None:
    articles = nasty_articles()
    assert_shown(built_by_hugo(tmp_path, articles), articles)


@needs_jekyll
@pytest.mark.slow
def test_jekyll_keeps_the_shape_of_a_story(tmp_path: Path) -> None:
    ferry = gazette.ferry()
    page = built_by_jekyll(tmp_path, [ferry])[slug_of(ferry)]
    assert "<strong>活海膽</strong>" in page
    assert '<a href="https://tide.test/tag/ferry">小額募款</a>' in page
    assert re.search(r"<td[^>]*>每日 21:30</td>", page)
    assert re.search(r"<h2[^>]*>票價與班次</h2>", page)
    assert '<img src="https://tide.test/pic/ferry.jpg"' in page


@needs_hugo
@pytest.mark.slow
def test_hugo_keeps_the_shape_of_a_story(tmp_path: Path) -> None:
    marsh = gazette.marsh()
    page = built_by_hugo(tmp_path, [marsh])[slug_of(marsh)]
    assert "<strong>Maud Ferrier</strong>" in page
    assert "<em>every</em>" in page
    assert re.search(r"<ol>\s*<li>The old bank", page)
    assert "high water  06:12   4.9 m" in page
    assert '<a href="https://herald.test/letters">letters page</a>' in page
