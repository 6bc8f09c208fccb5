"""Only the room that fetches can open a connection: nothing else in dibao imports what could."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dibao

HOUSE = Path(dibao.__file__).parent
# Modules that open connections to others, ours and those of packages we have.
OUTWARD = {
    *("socket", "asyncio.open_connection", "http.client", "urllib.request", "urllib3", "ftplib", "smtplib"),
    *("poplib", "imaplib", "telnetlib", "xmlrpc", "nntplib", "aiohttp", "httpx", "requests", "websockets"),
    *(
        "pycurl",
        "curl_cffi",
        "niquests",
        "httpcore",
        "anyio",
        "trio",
        "webbrowser",
        "multiprocessing.connection",
    ),
    *("feedparser.api", "feedparser.http"),
}
# Who may, and for what: these listen, or name a type; each line is a promise that a reader can check.
LISTEN = {
    "web/__init__.py": {"socket"},  # the published site, on an address of ours
    "cli/read.py": {"socket"},  # is the port free?
    "newsroom/serve.py": {"socket", "aiohttp"},  # the sample outlets, on loopback
    "wiring.py": {"aiohttp.abc"},  # the type of a resolver
}
CALLS = (
    "urlopen",
    "open_connection",
    "create_connection",
    "urlretrieve",
    "ClientSession",
    "TCPConnector",
    "connect",
)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def leads_out(name: str) -> bool:
    return any(name == door or name.startswith(f"{door}.") for door in OUTWARD)


def modules() -> list[str]:
    return sorted(path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py"))


@pytest.mark.parametrize("file", [file for file in modules() if not file.startswith("fetch/")])
def test_nothing_but_the_fetching_room_can_open_a_connection(file: str) -> None:
    tree = ast.parse((HOUSE / file).read_text("utf-8"))
    doors = {name for name in imported(tree) if leads_out(name)}
    allowed = LISTEN.get(file, set())
    assert not {door for door in doors if not any(f"{door}.".startswith(f"{ours}.") for ours in allowed)}
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    opened = called & set(CALLS) - ({"connect"} if "sqlite3" in set(imported(tree)) else set())
    assert not opened


def test_within_the_fetching_room_one_connector_opens_them_all() -> None:
    made = [
        (file, word)
        for file in modules()
        for word in CALLS[:-1]
        if f"{word}(" in (HOUSE / file).read_text("utf-8")
    ]
    # The one in the wire goes over a socket that was judged, through a proxy that speaks SOCKS.
    assert made == [("fetch/ask.py", "ClientSession"), ("fetch/wire.py", "create_connection")]
    for word in ("TCPConnector", "start_connection("):
        assert [file for file in modules() if word in (HOUSE / file).read_text("utf-8")] == ["fetch/wire.py"]
    sockets = [file for file in modules() if "socket.socket(" in (HOUSE / file).read_text("utf-8")]
    assert [file for file in sockets if file not in LISTEN] == ["fetch/wire.py"]
