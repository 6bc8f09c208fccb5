"""Pictures in headless Chromium: which copy a screen loads, and whether anything moves meanwhile."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dibao.clock import SteppingClock
from dibao.wiring import opened
from dibao.workers import Workers
from tests.browser.test_site_in_browser import ARGUMENTS, CHROMIUM, pytestmark  # noqa: F401
from tests.flow.conftest import START
from tests.flow.loopback import make_archive, walk
from tests.flow.servers import article, rss, serving
from tests.flow.test_identity import follow
from tests.flow.test_pictures import publish
from tests.pictures import picture


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """Give the site of three articles, each with a lead picture and one in the text."""
    folder = tmp_path_factory.mktemp("pictures") / "archive"
    with serving() as site, opened(make_archive(folder, site.port), clock=SteppingClock(START)) as it:
        site.pages["/feed"] = rss(*((f"第{n}篇", f"{site.url}/{n}", "摘要") for n in range(3)))
        for n in range(3):
            status, kind, body = article(f"第{n}篇", f"第{n}篇的內文")
            below, paragraph = f'<figure><img src="/below{n}.png" alt=""></figure>', b"<p>"
            body = body.replace(b"</h1>", f'</h1><figure><img src="/lead{n}.jpg" alt=""></figure>'.encode())
            head, _, tail = body.rpartition(paragraph)
            site.pages[f"/{n}"] = status, kind, head + below.encode() + paragraph + tail
            site.pages[f"/lead{n}.jpg"] = 200, "image/jpeg", picture("JPEG", (2400, 1600), seed=n + 1)
            site.pages[f"/below{n}.png"] = 200, "image/png", picture("PNG", (1300, 700), seed=n + 7)
        follow(it, site)
        walk(it, workers)
        return publish(it)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def loaded(page: Page, address: str) -> list[int]:
    """Return the widths of the copies that a page loads once it was read to its end."""
    widths: list[int] = []

    def note(url: str) -> None:
        widths.extend(map(int, re.findall(r"-(\d+)\.(?:jpg|webp)$", url)))

    page.on("request", lambda request: note(request.url))
    page.goto(address, wait_until="load")
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
    return widths


def an_article(pages: Path) -> str:
    return f"file://{sorted((pages / 'a').glob('*.html'))[0]}"


@pytest.mark.parametrize(
    ("width", "scale", "article", "front"),
    [(390, 1, {480}, {480}), (390, 3, {1300, 1600}, {480, 1600}), (1280, 1, {480, 960, 1300}, {480, 960})],
    ids=["phone", "sharp phone", "desk"],
)
def test_each_screen_loads_the_copies_that_fit_it(
    pages: Path, browser: Browser, width: int, scale: int, article: set[int], front: set[int]
) -> None:
    for address, allowed in ((an_article(pages), article), (f"file://{pages}/index.html", front)):
        context = browser.new_context(viewport={"width": width, "height": 844}, device_scale_factor=scale)
        widths = loaded(context.new_page(), address)
        context.close()
        assert widths
        assert set(widths) <= allowed, address


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_pictures_come(pages: Path, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    blocks = "[...document.querySelectorAll('p, h1, h3, figure')]"
    places = f"{blocks}.map(block => block.getBoundingClientRect().top + scrollY)"
    for address in (an_article(pages), f"file://{pages}/index.html"):
        page.route("**/media/**", lambda route: route.abort())
        page.goto(address, wait_until="load")
        assert page.locator("img:not([width]), img:not([height])").count() == 0
        before = page.evaluate(places)
        page.unroute("**/media/**")
        loaded(page, address)
        assert page.evaluate(places) == pytest.approx(before, abs=1)
    page.close()


def test_the_lead_comes_first_and_the_others_when_they_are_reached(pages: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(an_article(pages))
    how = "image => [image.loading, image.fetchPriority]"
    lead, below = (image.evaluate(how) for image in page.locator("article img").all())
    assert lead[0] != "lazy"
    assert (lead[1], below) == ("high", ["lazy", "auto"])
    page.close()


def test_a_click_opens_the_largest_copy(pages: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(an_article(pages))
    page.locator("article img").first.click()
    page.wait_for_url("**/media/**")
    assert page.url.endswith("-1600.jpg")
    page.close()
