"""Logins from files, proxies and limits as the settings name them, up to the wire and not beyond."""

import gzip
from base64 import b64encode
from pathlib import Path

import pytest

from dibao.clock import SteppingClock
from dibao.config import load
from dibao.errors import ConfigError
from dibao.model import Kind, Source, Visit
from dibao.version import VERSION
from dibao.wiring import Opened, asking, fetching, opened
from tests.flow.conftest import START
from tests.flow.loopback import make_archive
from tests.flow.servers import Answer, Site

LOGIN = "Basic " + b64encode("reader:紙本-vigilant:42".encode()).decode()
pytestmark = pytest.mark.slow


def archive_with(tmp_path: Path, site: Site, more: str) -> Path:
    return make_archive(tmp_path / "archive", site.port, more=more)


def fetched(it: Opened, site: Site, path: str) -> bytes:
    visit = Visit(url=f"{site.url}{path}", kind=Kind.FEED, source=Source(name="青楓社", url=site.url))
    with fetching(it, keep=it.archive.keep) as fetcher:
        ((_, capture),) = fetcher.fetch([visit])
    return capture.body or str(capture.failure).encode()


def test_a_login_comes_from_its_file_and_stays_out_of_the_evidence(tmp_path: Path, site: Site) -> None:
    def page(request: object) -> Answer:
        told = request.headers["Authorization"]  # type: ignore[attr-defined]
        return 200, "text/plain; charset=utf-8", f"you said {told}, that is 紙本-vigilant:42".encode()

    site.pages["/feed"] = page
    host = f'"127.0.0.1:{site.port}"'
    more = 'contact = "https://example.org/us"\n'
    more += f'[fetch.auth]\n{host} = "login.txt"\n[fetch.headers.{host}]\nX-Edition = "evening"\n'
    folder = archive_with(tmp_path, site, more)
    (folder / "login.txt").write_text("reader:紙本-vigilant:42\n", encoding="utf-8")
    with opened(folder, clock=SteppingClock(START)) as it:
        body = fetched(it, site, "/feed")
    ((_, told),) = site.asked
    assert told["Authorization"] == LOGIN
    assert told["X-Edition"] == "evening"
    assert told["User-Agent"] == f"dibao/{VERSION} (+https://example.org/us)"
    assert body == b"you said [redacted], that is [redacted]"
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "login.txt":
            data = file.read_bytes()
            data = gzip.decompress(data) if file.name.endswith(".gz") else data
            assert b"vigilant" not in data, file
            assert LOGIN.encode()[6:] not in data, file


@pytest.mark.parametrize("said", [None, "", "reader", "reader:a\nb:c", "reader:\x07", b"\xff:\xfe"])
def test_a_file_without_a_login_is_named(tmp_path: Path, said: str | bytes | None) -> None:
    if said is not None:
        (tmp_path / "login.txt").write_bytes(said if isinstance(said, bytes) else said.encode())
    (tmp_path / "dibao.toml").write_text('[fetch.auth]\n"a.test" = "login.txt"\n')
    with pytest.raises(ConfigError, match=r"login\.txt"):
        asking(load(tmp_path / "dibao.toml"), SteppingClock(START), folder=tmp_path)


@pytest.mark.parametrize("proxy", ["socks4://127.0.0.1:1080", "https://a.test", "127.0.0.1:3128", "http://"])
def test_a_proxy_that_is_not_spoken_is_a_config_error(tmp_path: Path, proxy: str) -> None:
    (tmp_path / "dibao.toml").write_text(f'[fetch.proxy]\n"*" = "{proxy}"\n')
    with pytest.raises(ConfigError, match=r"fetch.proxy.*http://127\.0\.0\.1:3128"):
        load(tmp_path / "dibao.toml")


def test_a_proxy_of_the_settings_is_asked(tmp_path: Path, site: Site) -> None:
    site.pages[f"{site.url}/feed"] = 200, "text/plain", b"through the proxy"
    folder = archive_with(tmp_path, site, f'[fetch.proxy]\n"*" = "{site.url}"\n')
    with opened(folder, clock=SteppingClock(START)) as it:
        assert fetched(it, site, "/feed") == b"through the proxy"
    assert [path for path, _ in site.asked] == [f"{site.url}/feed"]


@pytest.mark.parametrize(("size", "taken"), [(12 * 2**20, True), (12 * 2**20 + 1, False)])
def test_one_setting_lifts_the_limits_of_the_wire_and_of_the_body(
    tmp_path: Path, site: Site, size: int, taken: bool
) -> None:
    site.pages["/feed"] = 200, "text/plain", bytes(size)
    folder = archive_with(tmp_path, site, f"max_bytes = {12 * 2**20}\n")
    with opened(folder, clock=SteppingClock(START)) as it:
        body = fetched(it, site, "/feed")
    assert (len(body) == size) is taken
    assert taken or body.startswith(b"size: ")
