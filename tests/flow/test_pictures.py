"""Pictures of articles from a page to the site: candidates, the same bytes, hostile ones, and copies."""

import re
from collections import Counter
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from warcio.archiveiterator import ArchiveIterator

from dibao.clock import SteppingClock
from dibao.consumers import bring_up_to_date
from dibao.model import Outcome
from dibao.tally import Tally
from dibao.wiring import Opened, opened, site_form
from dibao.workers import Workers
from tests.flow.conftest import START
from tests.flow.loopback import digests, make_archive, pass_time, walk
from tests.flow.servers import Answer, Site, article, rss, serving
from tests.flow.test_identity import follow
from tests.pictures import bomb, moving, picture, size_of

pytestmark = pytest.mark.slow

PHOTO = picture("JPEG", (2400, 1600))
SMALL = picture("JPEG", (800, 533), seed=5)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def illustrated(title: str, *figures: str) -> Answer:
    """Return an article's page with figures below its headline."""
    status, kind, body = article(title, f"{title}的內文")
    shown = "".join(f"<figure>{figure}</figure>" for figure in figures)
    return status, kind, body.replace(b"</h1>", f"</h1>{shown}".encode())


def offered(*paths: str) -> str:
    """Return a picture that is offered in several sizes, the largest first."""
    sizes = ", ".join(f"{path} {2000 - 100 * n}w" for n, path in enumerate(paths))
    return f'<img src="{paths[-1]}" srcset="{sizes}" alt="">'


def bring(it: Opened, site: Site, workers: Workers, *figures: str) -> list[Outcome]:
    """Walk to one article with figures, and return what came of it."""
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "摘要"))
    site.pages["/1"] = illustrated("渡輪調價", *figures)
    follow(it, site)
    return walk(it, workers)


def asked(site: Site) -> list[str]:
    """Return the pictures that were asked for, in order."""
    return [path for path, _ in site.asked if path.startswith("/p/")]


def publish(it: Opened, *, full: bool = False) -> Path:
    bring_up_to_date(it.archive, it.library, site_form(it), full=full)
    return it.folder / "site"


def shown(site: Path) -> list[dict[str, str | None]]:
    """Return the attributes of every picture in the pages of the articles."""
    pages = sorted((site / "a").glob("*.html"))
    return [
        dict(image.attributes)
        for page in pages
        for image in LexborHTMLParser(page.read_bytes()).css("article img")
    ]


# --- candidates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [
        (404, "text/html", b"no"),
        (403, "text/html", b"no"),
        (200, "image/jpeg", b"<html><body>log in, please</body></html>"),
        (200, "image/jpeg", SVG),
        (200, "image/jpeg", PHOTO[:9000]),
        (200, "image/png", bomb()),
        (200, "image/jpeg", PHOTO + bytes(1_000_000)),
    ],
    ids=["missing", "forbidden", "html", "svg", "cut", "bomb", "large"],
)
def test_where_the_largest_picture_can_t_be_had_the_next_is_shown(
    first: Answer, tmp_path: Path, site: Site, workers: Workers
) -> None:
    site.pages["/p/l.jpg"], site.pages["/p/m.jpg"] = first, (200, "image/jpeg", SMALL)
    folder = make_archive(tmp_path / "archive", site.port, more="max_picture_bytes = 1_000_000\n")
    with opened(folder, clock=SteppingClock(START)) as it:
        tally = Tally()
        for outcome in bring(it, site, workers, offered("/p/l.jpg", "/p/m.jpg", "/p/s.jpg")):
            tally.add(outcome)
        assert asked(site) == ["/p/l.jpg", "/p/m.jpg"]
        assert (tally.pictures, tally.picture_errors) == (1, 0)
        found = it.library.pictures()
        assert {url.rpartition("/")[2] for url in found} == {"l.jpg", "m.jpg"}
        assert {(each.width, each.height, each.length) for each in found.values()} == {(800, 533, len(SMALL))}
        (image,) = shown(publish(it))
        assert (image["srcset"] or "").endswith("-800.jpg 800w")
        for _ in range(3):
            pass_time(it, 200)
            walk(it, workers)
        assert asked(site) == ["/p/l.jpg", "/p/m.jpg"]


def test_where_none_can_be_had_four_are_asked_and_the_site_links_to_the_source(
    it: Opened, site: Site, workers: Workers
) -> None:
    tally = Tally()
    for outcome in bring(it, site, workers, offered(*(f"/p/{n}.jpg" for n in range(6)))):
        tally.add(outcome)
    assert asked(site) == ["/p/0.jpg", "/p/1.jpg", "/p/2.jpg", "/p/3.jpg"]
    assert (tally.pictures, tally.picture_errors) == (0, 1)
    page = next((publish(it) / "a").glob("*.html")).read_bytes()
    assert LexborHTMLParser(page).css_first("article img") is None
    link = LexborHTMLParser(page).css_first("article a.elsewhere")
    assert link is not None
    assert link.attributes["href"] == f"{site.url}/p/0.jpg"


def test_where_waiting_may_help_the_same_is_asked_again_before_the_next(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/p/l.jpg"], site.pages["/p/s.jpg"] = (500, "text/plain", b""), (200, "image/jpeg", SMALL)
    bring(it, site, workers, offered("/p/l.jpg", "/p/s.jpg"))
    assert asked(site) == ["/p/l.jpg"]
    pass_time(it, 2)
    walk(it, workers)
    assert asked(site) == ["/p/l.jpg", "/p/l.jpg", "/p/s.jpg"]
    site.pages["/p/l.jpg"] = 200, "image/jpeg", PHOTO
    for _ in range(3):
        pass_time(it, 200)
        walk(it, workers)
    assert Counter(asked(site)) == {"/p/l.jpg": 3, "/p/s.jpg": 1}
    assert {each.width for each in it.library.pictures().values()} == {800}  # what is shown stays


def test_a_candidate_that_is_kept_already_is_not_asked_again(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/p/s.jpg"] = 200, "image/jpeg", SMALL
    site.pages["/feed"] = rss(("渡輪調價", f"{site.url}/1", "摘要"))
    site.pages["/1"] = illustrated("渡輪調價", offered("/p/s.jpg"))
    follow(it, site)
    walk(it, workers)
    site.pages["/1"] = illustrated("渡輪又調價", offered("/p/l.jpg", "/p/s.jpg"))
    pass_time(it, 2)
    walk(it, workers)
    assert asked(site) == ["/p/s.jpg", "/p/l.jpg"]
    assert {url.rpartition("/")[2] for url in it.library.pictures()} == {"l.jpg", "s.jpg"}
    srcsets = {image["srcset"] for image in shown(publish(it))}
    assert len(srcsets) == 1  # of both versions


def test_a_picture_in_a_private_network_is_not_asked_and_the_next_is(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/p/s.jpg"] = 200, "image/jpeg", SMALL
    with serving() as canary:
        canary.pages["/p/l.jpg"] = 200, "image/jpeg", PHOTO
        bring(it, site, workers, offered(f"{canary.url}/p/l.jpg", f"{site.url}/p/s.jpg"))
        assert canary.asked == []
    assert asked(site) == ["/p/s.jpg"]
    assert {each.width for each in it.library.pictures().values()} == {800}


def test_of_very_wide_pictures_a_smaller_one_is_asked(it: Opened, site: Site, workers: Workers) -> None:
    site.pages["/p/2000.jpg"] = 200, "image/jpeg", PHOTO
    sizes = ", ".join(f"/p/{width}.jpg {width}w" for width in (8000, 4000, 2000, 1000))
    bring(it, site, workers, f'<img src="/p/1000.jpg" srcset="{sizes}" alt="">')
    assert asked(site) == ["/p/2000.jpg"]


# --- the same bytes -------------------------------------------------------------------------------


def test_the_same_picture_under_two_names_is_kept_once(it: Opened, site: Site, workers: Workers) -> None:
    for name in ("a", "b", "c"):
        site.pages[f"/p/{name}.jpg"] = 200, "image/jpeg", PHOTO
    bring(it, site, workers, *(f'<img src="/p/{name}.jpg" alt="">' for name in ("a", "b")))
    pass_time(it, 2)
    site.pages["/1"] = illustrated("渡輪又調價", '<img src="/p/c.jpg" alt="">')
    walk(it, workers)
    kinds: Counter[str] = Counter()
    for file in (it.folder / "warc").rglob("*.warc.gz"):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if "/p/" in (record.rec_headers.get_header("WARC-Target-URI") or ""):
                    kinds[record.rec_type] += 1
    assert kinds == {"request": 3, "response": 1, "revisit": 2}
    assert len({each.digest for each in it.library.pictures().values()}) == 1
    files = sorted((publish(it) / "media").rglob("*.*"))
    assert [size_of(file.read_bytes())[0] for file in files] == [1600, 480, 960]


# --- the site -------------------------------------------------------------------------------------


@pytest.fixture
def gallery(it: Opened, site: Site, workers: Workers) -> Opened:
    """Give an archive with pictures of every kind, and one that is none."""
    site.pages |= {
        "/p/a.jpg": (200, "image/jpeg", PHOTO + b"<script>alert(1)</script>"),
        "/p/b.png": (200, "image/png", picture("PNG", (1300, 900), mode="RGBA")),
        "/p/c.gif": (200, "image/gif", moving()),
        "/p/d.webp": (200, "image/webp", picture("WEBP", (700, 400))),
        "/p/e.avif": (200, "image/avif", picture("AVIF", (1000, 400))),
        "/p/f.jpg": (200, "image/jpeg", SVG),
    }
    names = [path for path in site.pages if path.startswith("/p/")]
    bring(it, site, workers, *(f'<img src="{name}" width="99" height="99" alt="">' for name in names))
    return it


def test_every_picture_is_shown_in_copies_of_its_own_shape(gallery: Opened) -> None:
    site = publish(gallery)
    images = shown(site)
    assert [(image["width"], image["height"]) for image in images] == [
        ("1600", "1067"),
        ("1300", "900"),
        ("120", "80"),
        ("700", "400"),
        ("1000", "400"),
    ]
    for image in images:
        offers = re.findall(r"(\S+) (\d+)w", image.get("srcset") or "")
        for place, width in offers:
            assert size_of((site / "a" / place).read_bytes())[0] == int(width)
        assert (site / "a" / (image["src"] or "")).is_file()
    files = list((site / "media").rglob("*.*"))
    assert sorted({file.suffix for file in files}) == [".gif", ".jpg", ".webp"]
    assert not [file for file in files if b"script" in file.read_bytes()]
    assert (next(file for file in files if file.suffix == ".gif")).read_bytes() == moving()


def test_a_site_made_bit_by_bit_or_all_anew_is_the_same(
    gallery: Opened, site: Site, workers: Workers, tmp_path: Path
) -> None:
    first = digests(publish(gallery))
    made = bring_up_to_date(gallery.archive, gallery.library, site_form(gallery), full=True)
    assert made == 0
    for file in (gallery.folder / "site" / "media").rglob("*.webp"):
        file.write_bytes(b"changed by somebody")
    assert digests(publish(gallery, full=True)) == first
    site.pages["/1"] = illustrated("渡輪又調價", '<img src="/p/z.png" alt="">')
    site.pages["/p/z.png"] = 200, "image/png", picture("PNG", (900, 700), seed=9)
    pass_time(gallery, 2)
    walk(gallery, workers)
    bit_by_bit = digests(publish(gallery))
    assert len(bit_by_bit) > len(first)
    for path in sorted((gallery.folder / "site").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert digests(publish(gallery, full=True)) == bit_by_bit


def unmeasured(it: Opened) -> None:
    """Make an archive's pictures those of an earlier version, which knew no sizes."""
    it.archive.database.run("UPDATE pictures SET width = NULL, height = NULL, length = NULL")


def test_pictures_that_an_earlier_version_kept_are_measured_when_they_are_published(
    gallery: Opened,
) -> None:
    before = digests(publish(gallery))
    known = gallery.library.pictures()
    unmeasured(gallery)
    assert digests(publish(gallery, full=True)) == before
    assert gallery.library.pictures() == known


def test_a_broken_picture_that_an_earlier_version_kept_is_left_out_and_said_so(
    it: Opened, site: Site, workers: Workers
) -> None:
    site.pages["/p/a.jpg"] = 200, "image/jpeg", PHOTO
    site.pages["/p/b.jpg"] = 200, "image/png", bomb()
    bring(it, site, workers, *(f'<img src="/p/{name}.jpg" alt="">' for name in ("a", "b")))
    (sound,) = it.library.pictures().values()
    bad = f"{site.url}/p/b.jpg"
    file, offset = bytes_of(it, bad)
    it.archive.database.run(
        "INSERT INTO pictures (url, digest, type, ref_file, ref_offset)"
        " VALUES (:url, 'ff', 'image/png', :file, :at)",
        {"url": bad, "file": file, "at": offset},
    )
    (image,) = shown(publish(it, full=True))
    assert sound.digest in (image["src"] or "")
    assert "million pixels" in (it.library.pictures()[bad].broken or "")
    before = digests(it.folder / "site")
    assert digests(publish(it, full=True)) == before


def bytes_of(it: Opened, url: str) -> tuple[str, int]:
    """Return where in the WARC files the answer of an address stands."""
    for file in (it.folder / "warc").rglob("*.warc.gz"):
        with file.open("rb") as stream:
            records = ArchiveIterator(stream)
            for record in records:
                if record.rec_type == "response" and record.rec_headers["WARC-Target-URI"] == url:
                    record.content_stream().read()
                    return file.relative_to(it.folder).as_posix(), records.get_record_offset()
    raise AssertionError(url)


def test_the_feeds_tell_the_size_of_the_picture_they_name(
    tmp_path: Path, site: Site, workers: Workers
) -> None:
    site.pages["/p/a.png"] = 200, "image/png", picture("PNG", (2400, 1600))
    for base, wanted in (
        ("https://news.test/", ("image/webp", "1600", "1067")),
        ("", ("image/png", "2400", "1600")),
    ):
        folder = make_archive(tmp_path / (base.strip("/")[-4:] or "none"), site.port)
        settings = folder / "dibao.toml"
        settings.write_text(settings.read_text() + f'[site]\nbase_url = "{base}"\n')
        with opened(folder, clock=SteppingClock(START)) as it:
            bring(it, site, workers, '<img src="/p/a.png" width="99" height="99" alt="">')
            text = (publish(it) / "rss.xml").read_text(encoding="utf-8")
        (media,) = re.findall(r"<media:content[^>]*>", text)
        said = dict(re.findall(r'(\w+)="([^"]*)"', media))
        assert (said["type"], said["width"], said["height"]) == wanted
        assert int(said["fileSize"]) > 0
        assert said["url"].startswith(base or site.url)
