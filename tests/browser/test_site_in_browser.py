"""The site in headless Chromium: opened from disk and over HTTP, on a phone and on a desk."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dibao.model import Gap
from dibao.publish.copies import Copy
from dibao.publish.site import Renderer, Site, channel
from dibao.publish.volumes import feeds
from dibao.publish.write import Folder
from tests import gazette

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]

ICON = Copy(path="assets/icon.svg", type="image/svg+xml", width=64, height=64, kind="")

PAGES = (
    "index.html",
    "page/1.html",
    "day/index.html",
    "tag/index.html",
    "source/潮汐通訊社.html",
    f"a/{gazette.key_of('ferry')}.html",
    f"a/{gazette.key_of('books')}.html",
    f"a/{gazette.key_of('keeper')}.html",
    f"a/{gazette.key_of('marsh')}.html",
)


GAPS = [
    Gap(
        source=1,
        since=gazette.NOON - timedelta(hours=99 * n + 3),
        until=gazette.NOON - timedelta(hours=99 * n),
        seen_at=gazette.NOON,
        entries=20,
    )
    for n in range(9)
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    articles = [*gazette.press(), *gazette.many(60)]
    lines = [gazette.headline(kept) for kept in articles]
    ready = Renderer(Site(title="海角邸報", language="zh-Hant"), image=lambda url: (ICON,), gaps=GAPS)
    folder = Folder(root)
    folder.write(ready.article_page(kept, line) for kept, line in zip(articles, lines, strict=True))
    folder.write(ready.site_pages(lines))
    by_key = {kept.key: kept for kept in articles}
    folder.write(feeds(channel(ready.site), lines, lambda keys: map(by_key.__getitem__, keys)))
    return root


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def watched(page: Page) -> tuple[list[str], list[str]]:
    """Return what the page will ask for, and what it will complain of."""
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: complaints.append(f"{request.failure} {request.url}"))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return asked, complaints


@pytest.mark.parametrize("how", ["file", "http"])
def test_every_page_opens_asks_nobody_else_and_complains_of_nothing(
    phone: Page, site: Path, address: str, how: str
) -> None:
    origin = address if how == "http" else f"file://{site}/"
    asked, complaints = watched(phone)
    for path in PAGES:
        phone.goto(origin + path, wait_until="load")
        assert phone.evaluate("getComputedStyle(document.body).maxWidth") == "1152px", (
            "the style sheet is not read"
        )
    assert [url for url in asked if not url.startswith(origin)] == []
    # A page left while its pictures were still coming is no trouble.
    assert [said for said in complaints if not said.startswith("net::ERR_ABORTED")] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(browser: Browser, site: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"file://{site}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


def test_languages_reach_the_reader(phone: Page, site: Path) -> None:
    phone.goto(f"file://{site}/a/{gazette.key_of('books')}.html")
    assert phone.evaluate("document.documentElement.lang") == "zh-Hant"
    assert phone.locator("article > .text").get_attribute("lang") == "zh-Hans"
    font = "e => getComputedStyle(e).fontFamily.split(',')[0]"
    assert phone.locator("article > .text").evaluate(font) == '"Source Han Serif SC"'
    assert phone.locator(".masthead").evaluate(font) == '"Source Han Serif TC"'


def test_dark_mode_turns_the_paper_dark(browser: Browser, site: Path) -> None:
    papers = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"file://{site}/index.html")
        papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert papers == ["rgb(251, 248, 241)", "rgb(23, 21, 18)"]


def test_the_arrow_keys_turn_the_pages(phone: Page, site: Path) -> None:
    phone.goto(f"file://{site}/index.html")
    phone.keyboard.press("ArrowRight")
    phone.wait_for_url("**/page/1.html")
    phone.keyboard.press("ArrowLeft")
    phone.wait_for_url("**/index.html")


def test_an_earlier_version_opens_without_a_script(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{site}/a/{gazette.key_of('ferry')}.html")
    assert not page.locator("details .text").is_visible()
    page.locator("summary").click()
    assert "近二百名" in page.locator("details .text").inner_text()
    context.close()


def test_the_policy_stops_a_script_that_should_never_be_there(phone: Page, tmp_path: Path) -> None:
    ready = Renderer(Site(title="T"))
    dirty = gazette.kept(
        gazette.article("A", "<script>document.title='owned'</script><img src=x onerror=alert(1)>")
    )
    page = ready.article_page(dirty, gazette.headline(dirty))
    Folder(tmp_path).write([page])
    phone.on("dialog", lambda dialog: pytest.fail("a script ran"))
    phone.goto(f"file://{tmp_path}/{page.path}")
    assert phone.title() == "A — T"
