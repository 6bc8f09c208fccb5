"""Which addresses may be connected to: the public ones, and those a person listed."""

import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from dibao.errors import ConfigError

Address = IPv4Address | IPv6Address

# Own tables (IANA special-purpose registries, RFC 6890 and later): the ones in `ipaddress` differ
# between Python releases and call NAT64, 6to4 relays, multicast and others global.
_NOT_PUBLIC_4 = {
    IPv4Network("0.0.0.0/8"): "this network",
    IPv4Network("10.0.0.0/8"): "a private network",
    IPv4Network("100.64.0.0/10"): "a carrier's inner network",
    IPv4Network("127.0.0.0/8"): "this machine",
    IPv4Network("168.63.129.16/32"): "a cloud's inner service",
    IPv4Network("169.254.0.0/16"): "a link-local address, where clouds keep their keys",
    IPv4Network("172.16.0.0/12"): "a private network",
    IPv4Network("192.0.0.0/24"): "reserved",
    IPv4Network("192.0.2.0/24"): "for documentation",
    IPv4Network("192.88.99.0/24"): "a 6to4 relay",
    IPv4Network("192.168.0.0/16"): "a private network",
    IPv4Network("198.18.0.0/15"): "for benchmarks",
    IPv4Network("198.51.100.0/24"): "for documentation",
    IPv4Network("203.0.113.0/24"): "for documentation",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
}
_PUBLIC_6 = IPv6Network("2000::/3")  # all else is local, multicast or not given out
_NOT_PUBLIC_6 = {
    IPv6Network("2001::/23"): "reserved for protocols",  # Teredo, ORCHID, benchmarks
    IPv6Network("2001:db8::/32"): "for documentation",
    IPv6Network("3fff::/20"): "for documentation",
}
# Prefix -> how many bits stand right of the IPv4 address inside.
_EMBEDDING = {
    IPv6Network("::ffff:0:0/96"): 0,  # mapped
    IPv6Network("::/96"): 0,  # compatible
    IPv6Network("64:ff9b::/96"): 0,  # NAT64, RFC 6052
    IPv6Network("2002::/16"): 80,  # 6to4
}
# Where no web server answers, but services that take orders from whoever can send them a line of text:
# the "bad ports" of https://fetch.spec.whatwg.org/#port-blocking, and databases and caches (a few each).
_NOT_WEB = frozenset(
    int(port)
    for port in """
    1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115
    117 119 123 135 137 138 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556
    563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666
    6667 6668 6669 6679 6697 10080 1433 1521 2375 2376 2379 3306 3389 5432 5900 6379 11211 27017
    """.split()
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the upper half of the interface identifier


class Refused(Exception):  # noqa: N818 - said of an address; becomes a Failure, never seen outside
    """An address that may not be connected to."""


@lru_cache(maxsize=2**12)  # judged again at every request
def refusal(address: str, port: int, allowed: frozenset[str] = frozenset()) -> str | None:
    """Return why an address may not be connected to, or None when it may.

    Only plain addresses are judged; a name, or a form such as ``127.1`` or ``0x7f.1``, is refused.
    `allowed` holds ``127.0.0.1:8000``, ``[::1]:8000`` or networks such as ``192.168.1.0/24``; what it
    names exactly is allowed at any port.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return f"{address!r} is not a plain IP address"
    if _exact(found, port) in allowed:
        return None
    if port in _NOT_WEB:
        return f"port {port} of {address} is no web server's"
    why = None if _is_in(found, allowed) else _why_not(found)
    return f"{address} is {why}" if why else None


def _exact(address: Address, port: int) -> str:
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"


def _is_in(address: Address, allowed: frozenset[str]) -> bool:
    return any(address in ipaddress.ip_network(entry) for entry in allowed if "/" in entry)


def _why_not(address: Address) -> str | None:
    if isinstance(address, IPv4Address):
        return next((why for network, why in _NOT_PUBLIC_4.items() if address in network), None)
    if address.scope_id is not None:
        return "a link-local address"
    for network, shift in _EMBEDDING.items():
        if address in network:
            return _why_not(IPv4Address(int(address) >> shift & 0xFFFFFFFF))
    if address not in _PUBLIC_6:
        return "not a public address"
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return _why_not(IPv4Address(int(address) & 0xFFFFFFFF))
    return next((why for network, why in _NOT_PUBLIC_6.items() if address in network), None)


def normal(entry: str) -> str:
    """Return an entry of the allow-list in the form `refusal` compares; ConfigError if it is none."""
    try:
        if "/" in entry:
            return str(ipaddress.ip_network(entry, strict=False))
        host, _, port = entry.rpartition(":")
        address = ipaddress.ip_address(host.strip("[]"))
        number = int(port)
    except ValueError:
        raise ConfigError(
            f"{entry!r} is not an address dibao can allow: write 127.0.0.1:8000, [::1]:8000 or 192.168.1.0/24"
        ) from None
    return _exact(address, number)


@dataclass(frozen=True)
class Guard:
    """Judges every address just before it is connected to; ConfigError on an entry it can't read."""

    allowed: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowed", frozenset(map(normal, self.allowed)))

    def check(self, address: str, port: int) -> None:
        """Raise Refused unless the address may be connected to."""
        why = refusal(address, port, self.allowed)
        if why:
            raise Refused(why)
