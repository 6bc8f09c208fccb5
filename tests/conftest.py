"""The guard every test runs behind (sockets only to loopback, names only ``*.test``), and what many share."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dibao import workers as workers_module
from dibao.workers import Workers
from tests.flow.servers import Site, serving

# Minutes, or most of one: they begin first, so that in the end no processor waits for another.
LONGEST = {
    "test_syncs_killed_at_random_moments_are_whole_after_the_next",
    "test_a_walk_killed_again_and_again_fills_the_gap_and_takes_nothing_twice",
    "test_dozens_of_large_answers_at_once_do_not_fill_the_memory",
    "test_a_day_of_five_hundred_sources_is_polite_and_weighs_nothing_more_in_the_end",
    "test_a_backfill_killed_five_times_keeps_all_and_none_twice",
    "test_a_sync_killed_at_a_named_point_is_whole_after_the_next",
    "test_every_real_page_is_read_or_told_to_have_no_article",
    "test_every_entry_of_a_hundred_real_feeds_is_kept",
    "test_hostile_feeds_are_published_harmless",
    "test_what_is_learnt_from_real_pages_is_sound",
}


MEMORY = Path("/dev/shm")  # a folder in memory: a thousand archives need not wait for the disk
ROOM = 6 * 2**30  # bytes, of which the tests take a sixth at once


def pytest_configure() -> None:
    """Keep the tests' own folders in memory where there is much of it, unless somebody says where."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; all others keep their order."""
    items.sort(key=lambda item: item.name.partition("[")[0] not in LONGEST)


os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of commands are run, which would compile all anew

_LOCAL_NAMES = {None, "", "localhost", b"localhost"}
_resolve = socket.getaddrinfo


def _is_loopback(host: Any) -> bool:
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_other_machines(event: str, args: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        return
    sock, address = args[0], args[-1]
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return
    if not (_is_loopback(address[0]) or address[0] == "localhost"):
        raise PermissionError(f"tests may only use loopback, not {address[0]}")


def _resolve_test_names(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name.rstrip(".").endswith(".test"):
        name = "127.0.0.1"
    if name not in _LOCAL_NAMES and not _is_loopback(name):
        raise PermissionError(f"tests may only resolve *.test, not {name}")
    return _resolve(name, port, *args, **kwargs)


sys.addaudithook(_refuse_other_machines)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolve_test_names)


@pytest.fixture(autouse=True)
def _no_lingering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle answers as they come: to save this machine's disk is not worth a tenth of a second for each."""
    monkeypatch.setattr(workers_module, "LINGER", 0.005)


@pytest.fixture
def site() -> Iterator[Site]:
    """Give a real web server whose answers the test sets."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Give reading processes that tests share, since starting them takes a second."""
    made = Workers(2)
    yield made
    made.close()
