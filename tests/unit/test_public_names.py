"""What `import dibao` offers."""

import subprocess
import sys

import dibao


def test_every_public_name_is_there() -> None:
    assert [name for name in dibao.__all__ if not hasattr(dibao, name)] == []
    assert len(dibao.__all__) <= 25


def test_extract_is_the_function_though_a_room_has_its_name() -> None:
    import dibao.extract.page

    assert dibao.extract.__name__ == "extract"
    page = "<title>T</title><article><h1>T</h1>" + "<p>A long enough paragraph of a small story.</p>" * 8
    assert "small story" in dibao.extract(page.encode(), url="http://wire.test/1").text


def test_an_article_is_had_as_markdown_too() -> None:
    page = "<title>T</title><article><h1>T</h1>" + "<p>A <b>long</b> enough paragraph of a story.</p>" * 8
    article = dibao.extract(page.encode(), url="http://wire.test/1")
    assert dibao.to_markdown(article.html).startswith("A **long** enough paragraph of a story.\n\n")


def test_parse_feed_reads_a_feed() -> None:
    feed = dibao.parse_feed(
        b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>", url="http://x.test/"
    )
    assert [entry.title for entry in feed.entries] == ["x"]


def test_an_archive_is_opened_by_its_folder(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "a"
    subprocess.run([sys.executable, "-m", "dibao", "init", str(folder)], check=True, capture_output=True)
    with dibao.open_archive(folder) as it:
        assert it.library.headlines() == []
