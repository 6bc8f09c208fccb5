import json
import os
from pathlib import Path

import pytest

from dibao import urls
from dibao.errors import ConfigError
from dibao.fetch.guard import Guard, Refused, refusal

NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.19.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.251",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "4000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700:0:0:0:5efe:7f00:1",
    "2606:4700:0:0:200:5efe:a00:1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.128.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450::1",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
]
NO_ADDRESS = [
    "",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "１２７.0.0.1",
    "[::1]",
    "1.1.1.1 ",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_refused_and_says_why(address: str) -> None:
    why = refusal(address, 443)
    assert why
    assert address in why


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_may_be_asked(address: str) -> None:
    assert refusal(address, 8080) is None


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    assert refusal(address, 80)


def test_an_allowed_address_is_allowed_at_its_port_only() -> None:
    allowed = Guard(frozenset({"127.0.0.1:8000", "[::1]:8000"})).allowed
    assert refusal("127.0.0.1", 8000, allowed) is None
    assert refusal("::1", 8000, allowed) is None
    assert refusal("127.0.0.1", 8001, allowed)
    assert refusal("127.0.0.2", 8000, allowed)
    assert refusal("::ffff:127.0.0.1", 8000, allowed)


def test_an_allowed_network_is_allowed_at_every_port() -> None:
    allowed = Guard(frozenset({"192.168.1.0/24", "fd00::/8"})).allowed
    assert refusal("192.168.1.77", 1234, allowed) is None
    assert refusal("fd12::1", 80, allowed) is None
    assert refusal("192.168.2.1", 80, allowed)


@pytest.mark.parametrize("port", [22, 25, 53, 110, 139, 3306, 5432, 6379, 11211])
def test_ports_of_other_services_are_refused_unless_they_are_listed(port: int) -> None:
    why = refusal("8.8.8.8", port)
    assert why
    assert f"port {port}" in why
    assert refusal("192.168.1.5", port, Guard(frozenset({"192.168.1.0/24"})).allowed)
    assert refusal("192.168.1.5", port, Guard(frozenset({f"192.168.1.5:{port}"})).allowed) is None


@pytest.mark.parametrize("port", [80, 81, 443, 1024, 3000, 4000, 5000, 8000, 8080, 8443, 8888, 9000, 65535])
def test_ports_of_web_servers_may_be_asked(port: int) -> None:
    assert refusal("8.8.8.8", port) is None


def test_entries_are_read_however_they_are_spelt() -> None:
    Guard(frozenset({"[0:0:0:0:0:0:0:1]:08000", "192.168.1.9/24"})).check("::1", 8000)
    Guard(frozenset({"::1:8000"}))
    with pytest.raises(Refused):
        Guard().check("::1", 8000)


@pytest.mark.parametrize("entry", ["localhost:8000", "127.0.0.1", "127.0.0.1:*", "10.0.0.0/40", ""])
def test_an_entry_that_cannot_be_read_is_a_config_error(entry: str) -> None:
    with pytest.raises(ConfigError, match="write 127"):
        Guard(frozenset({entry}))


@pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
def test_every_hostile_address_is_judged_right() -> None:
    cases = json.loads(Path(os.environ["DIBAO_TEST_DATA"], "hostile/addresses.json").read_text("utf-8"))
    wrong = [case for case in cases if _may_be_asked(case["url"]) != case["public"]]
    assert cases
    assert not wrong


def _may_be_asked(url: str) -> bool:
    parts = urls.parse(url)
    return parts is not None and refusal(parts.hostname or "", parts.port or 80) is None
