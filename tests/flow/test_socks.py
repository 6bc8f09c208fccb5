"""SOCKS: a real proxy on loopback is told names as they are, and what comes through it is evidence."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from dibao.archive.warc import WarcWriter, read_capture
from dibao.config import load
from dibao.errors import ConfigError
from dibao.fetch.guard import Guard, Refused
from dibao.fetch.http import Http
from dibao.fetch.socks import judge_unresolved
from dibao.model import Capture, Kind, Source, Trouble, Visit
from tests.contract.test_fetchers import (
    AGENT,
    PAGE,
    Site,
    end_of_certificate,
    now,
    reply,
    secure_site,
    zipped,
)

SOURCE = Source(name="Harbour Post", url="http://harbour.test/feed")
TREE = Path(__file__).parents[2]


@dataclass
class Proxy:
    """A SOCKS proxy, 4a and 5, that leads every name to one port of this machine."""

    to: int
    login: tuple[bytes, bytes] | None = None
    refuses: int = 0  # with this code
    told: list[tuple[str, int]] = field(default_factory=list)  # the hosts it was asked for, as they came
    users: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            version = (await reader.readexactly(1))[0]
            if await (self.by_5(reader, writer) if version == 5 else self.by_4a(reader, writer)):
                await self.join(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def by_5(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        method = 2 if self.login else 0
        writer.write(bytes([5, method if method in methods else 255]))
        if method not in methods:
            return False
        if self.login:
            await reader.readexactly(1)
            said = [await reader.readexactly((await reader.readexactly(1))[0]) for _ in range(2)]
            self.users.append(b":".join(said))
            writer.write(b"\x01" + (b"\0" if tuple(said) == self.login else b"\1"))
            if tuple(said) != self.login:
                return False
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            packed = await reader.readexactly(4 if kind == 1 else 16)
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, packed)
        self.told.append((host, int.from_bytes(await reader.readexactly(2), "big")))
        writer.write(bytes([5, self.refuses, 0, 3, 4]) + b"here\0\0")
        return not self.refuses

    async def by_4a(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, port, address = (
            await reader.readexactly(1),
            await reader.readexactly(2),
            await reader.readexactly(4),
        )
        self.users.append((await reader.readuntil(b"\0"))[:-1])
        named = address.startswith(b"\0\0\0")
        host = (await reader.readuntil(b"\0"))[:-1].decode() if named else socket.inet_ntoa(address)
        self.told.append((host, int.from_bytes(port, "big")))
        writer.write(bytes([0, 0x5B if self.refuses else 0x5A]) + bytes(6))
        return not self.refuses

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)

        async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(2**16):
                target.write(data)
                await target.drain()
            target.close()

        try:
            await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
        finally:
            far_writer.close()  # also where the test is over first


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def proxy(site: Site) -> Iterator[Proxy]:
    yield from running(Proxy(site.port))


def running(proxy: Proxy) -> Iterator[Proxy]:
    """Run a proxy until the test is over."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(
        asyncio.start_server(proxy.serve, "127.0.0.1", 0), loop
    ).result()
    proxy.port = server.sockets[0].getsockname()[1]
    yield proxy
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


class Nobody(AbstractResolver):
    """Is never asked."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        raise AssertionError(f"{host} was looked up here")

    async def close(self) -> None:
        """Hold nothing."""


def through(proxy: Proxy, address: str, *visits: Visit, **settings: Any) -> list[Capture]:
    """Ask through a proxy whose address has a place for its port."""
    chosen: dict[str, Any] = {
        "user_agent": AGENT,
        "now": now,
        "guard": Guard(frozenset({f"127.0.0.1:{proxy.port}"})),
        "resolver": Nobody(),
        "pause": 0,
        "per_host": 1,
        "proxies": {"*": address.format(proxy.port)},
    }
    with Http(**(chosen | settings)) as http:
        return [capture for _, capture in http.fetch(visits)]


def visit(url: str, kind: Kind = Kind.FEED) -> Visit:
    return Visit(url=url, kind=kind, source=SOURCE)


@pytest.mark.parametrize("scheme", ["socks5h", "socks5", "socks4a"])
def test_names_reach_a_socks_proxy_as_they_are_and_the_wire_is_kept(
    site: Site, proxy: Proxy, tmp_path: Path, scheme: str
) -> None:
    site.pages |= {"/a": reply(zipped(PAGE), Content_Encoding="gzip"), "/robots.txt": reply(b"")}
    site.pages["/moved"] = reply(b"", "302 F", Location="http://other.test:8081/a")
    asked = [visit("http://harbour.test/a", Kind.ARTICLE), visit("http://only-there.onion/moved")]
    answers = through(proxy, f"{scheme}://127.0.0.1:{{}}", *asked)
    assert [capture.body for capture in answers] == [PAGE, PAGE]
    told = {("harbour.test", 80), ("only-there.onion", 80), ("other.test", 8081)}
    assert set(proxy.told) == told
    assert len(proxy.told) == 3  # robots.txt and page came over one connection
    direct = next(capture for capture in answers if "harbour" in capture.url)
    _, exchange = direct.exchanges
    assert exchange.request.decode() in site.heads
    assert exchange.request.startswith(b"GET /a HTTP/1.1\r\nHost: harbour.test\r\n")
    assert exchange.response == site.pages["/a"]
    assert exchange.address is None  # a proxy does not say to whom it talked
    writer = WarcWriter(tmp_path)
    kept = writer.write(direct)
    writer.close()
    assert kept.ref
    assert read_capture(tmp_path, kept.ref).body == PAGE


def test_the_login_of_a_socks_proxy_is_said_to_it_alone(site: Site, proxy: Proxy, tmp_path: Path) -> None:
    proxy.login = (b"me", b"hush:hush")
    site.pages["/a"] = reply()
    (capture,) = through(proxy, "socks5h://me:hush%3Ahush@127.0.0.1:{}", visit("http://harbour.test/a"))
    assert capture.body == PAGE
    assert proxy.users == [b"me:hush:hush"]
    assert "hush" not in repr(capture)
    assert not any("hush" in head for head in site.heads)
    (capture,) = through(proxy, "socks5h://me:wrong-one@127.0.0.1:{}", visit("http://harbour.test/a"))
    assert "does not take the login" in str(capture.failure)
    assert "wrong-one" not in repr(capture)
    (capture,) = through(proxy, "socks5h://127.0.0.1:{}", visit("http://harbour.test/a"))
    assert "wants another login" in str(capture.failure)
    assert len(proxy.told) == len(site.requests) == 1
    through(proxy, "socks4a://me@127.0.0.1:{}", visit("http://harbour.test/a"))
    assert proxy.users[-1] == b"me"


HOSTS = (
    "127.0.0.1 10.0.0.1 [::1] [64:ff9b::7f00:1] 127.1 2130706433 0x7f000001 localhost a.localhost localhost."
)


@pytest.mark.parametrize("host", HOSTS.split())
def test_a_socks_proxy_is_not_sent_where_we_would_not_go(site: Site, proxy: Proxy, host: str) -> None:
    site.pages["/a"] = reply(b"", "302 F", Location=f"http://{host}/b")
    answers = through(
        proxy, "socks5h://127.0.0.1:{}", visit(f"http://{host}/"), visit("http://harbour.test/a")
    )
    assert [capture.failure and capture.failure.trouble for capture in answers] == [Trouble.BLOCKED] * 2
    assert proxy.told == [("harbour.test", 80)]


def test_addresses_are_sent_to_a_socks_proxy_as_addresses(site: Site, proxy: Proxy) -> None:
    site.pages["/a"] = reply()
    for address in ("socks5h://127.0.0.1:{}", "socks4a://127.0.0.1:{}"):
        (capture,) = through(proxy, address, visit("http://93.184.215.14/a"))
        assert capture.body == PAGE
    (capture,) = through(proxy, "socks5h://127.0.0.1:{}", visit("http://[2606:2800::1]/a"))
    assert capture.body == PAGE
    assert proxy.told == [("93.184.215.14", 80)] * 2 + [("2606:2800::1", 80)]


def test_a_socks_proxy_in_our_network_must_be_listed(site: Site, proxy: Proxy) -> None:
    (capture,) = through(proxy, "socks5h://127.0.0.1:{}", visit("http://harbour.test/a"), guard=Guard())
    assert capture.failure
    assert capture.failure.trouble is Trouble.BLOCKED
    assert not proxy.told


@pytest.mark.parametrize("scheme", ["socks5h", "socks4a"])
def test_a_socks_proxy_that_does_not_reach_a_host_says_so(site: Site, proxy: Proxy, scheme: str) -> None:
    proxy.refuses = 4
    (capture,) = through(proxy, f"{scheme}://127.0.0.1:{{}}", visit("http://nowhere.test/"))
    assert capture.failure
    assert capture.failure.trouble is Trouble.CONNECT
    assert "the proxy does not let us through" in capture.failure.detail
    assert not capture.exchanges
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy.port = taken.getsockname()[1]
        (capture,) = through(proxy, f"{scheme}://127.0.0.1:{{}}", visit("http://nowhere.test/"))
    assert "no connection to the proxy" in str(capture.failure)


def test_what_only_some_hosts_are_asked_through(site: Site, proxy: Proxy) -> None:
    site.pages["/a"] = reply()
    ways = {"*": "", "harbour.test": f"socks5h://127.0.0.1:{proxy.port}"}
    guard = Guard(frozenset({f"127.0.0.1:{proxy.port}", f"127.0.0.1:{site.port}"}))
    direct = visit(f"http://127.0.0.1:{site.port}/a")
    answers = through(proxy, "", visit("http://harbour.test/a"), direct, proxies=ways, guard=guard)
    assert [capture.body for capture in answers] == [PAGE, PAGE]
    assert proxy.told == [("harbour.test", 80)]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is needed to make a certificate")
def test_tls_goes_through_a_socks_proxy_and_is_taken_off_for_evidence(tmp_path: Path) -> None:
    site = secure_site(tmp_path)
    site.pages["/a"] = reply(zipped(PAGE), Content_Encoding="gzip")
    code = """
import sys
from tests.flow.test_socks import *
proxy = Proxy(0, port=int(sys.argv[1]))
(capture,) = through(proxy, "socks5h://127.0.0.1:{}", visit("https://harbour.test/a"))
(exchange,) = capture.exchanges
told = f"|{exchange.address}|{capture.certified_until}"
sys.stdout.buffer.write(exchange.request + b"|" + exchange.response + told.encode())
"""
    env = {**os.environ, "SSL_CERT_FILE": str(tmp_path / "cert.pem"), "PYTHONPATH": str(TREE)}
    for proxy in running(Proxy(site.port)):
        command = [sys.executable, "-c", code, str(proxy.port)]
        ran = subprocess.run(command, env=env, capture_output=True, check=False)
        assert proxy.told == [("harbour.test", 443)], ran.stderr.decode()
    site.close()
    told = site.heads[0].encode() + b"|" + site.pages["/a"] + f"|None|{end_of_certificate(tmp_path)}".encode()
    assert ran.stdout == told, ran.stderr.decode()


def test_a_proxy_that_dibao_does_not_speak_to_is_said_when_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "dibao.toml"
    for good in ("http://a:1", "socks5h://me:word@a:1", "socks5://a", "socks4a://a:1", ""):
        file.write_text(f'[fetch]\nproxy = {{"*" = "{good}"}}\n')
        assert load(file).fetch.proxy == {"*": good}
    for bad in ("https://a:1", "socks4://a:1", "socks5h://a/path", "a:1"):
        file.write_text(f'[fetch]\nproxy = {{"*" = "{bad}"}}\n')
        with pytest.raises(ConfigError, match="socks5h://"):
            load(file)


def test_a_number_that_is_neither_name_nor_address_is_refused() -> None:
    for host in ("1.2.3.4.5", "999999999999", "a.1"):
        with pytest.raises(Refused, match="neither a name nor an address"):
            judge_unresolved(Guard(), host, 80)
    judge_unresolved(Guard(), "news.test", 80)
    judge_unresolved(Guard(), "0xabc.test", 80)
