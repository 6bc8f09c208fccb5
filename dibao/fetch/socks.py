"""SOCKS: what is said to a proxy that looks names up itself (RFC 1928, RFC 1929, SOCKS 4a)."""

import asyncio
import ipaddress
import socket
from urllib.parse import unquote, urlsplit

from dibao.fetch.decode import Trip
from dibao.fetch.guard import Guard, Refused
from dibao.model import Trouble

SCHEMES = ("socks5h", "socks5", "socks4a")
PORT = 1080  # where a proxy's address names none
_WHY = {
    2: "it may not go there",
    3: "the network can't be reached",
    4: "the host can't be reached, or its name is not known",
    5: "the connection was refused",
    6: "it took too long",
}


def is_socks(proxy: str | None) -> bool:
    """Say whether a proxy's address is that of a SOCKS proxy."""
    return proxy is not None and urlsplit(proxy).scheme in SCHEMES


def place_of(proxy: str) -> tuple[str, int]:
    """Return host and port of a proxy."""
    parts = urlsplit(proxy)
    return parts.hostname or "", parts.port or PORT


def judge_unresolved(guard: Guard, host: str, port: int) -> None:
    """Raise Refused where a host is a number, however written, that may not be asked, or is the proxy itself.

    Other names are the proxy's to look up: what they mean to it nobody here can know.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        raise Refused(f"{host} is the proxy's own machine")
    number = as_number(name)
    if number is not None:
        guard.check(number, port)


def as_number(name: str) -> str | None:
    """Return the address that a host is a way of writing, as 127.1 or 0x7f000001, or None for a name."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        last = name.rpartition(".")[2]
    if not last.isdecimal() and not last.startswith("0x"):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        raise Refused(f"{name} is neither a name nor an address") from None


async def go_through(sock: socket.socket, proxy: str, host: str, port: int) -> None:
    """Have a proxy at the other end of a socket connect us to a host; Trip if it does not."""
    parts = urlsplit(proxy)
    login = unquote(parts.username or "").encode(), unquote(parts.password or "").encode()
    try:
        if parts.scheme == "socks4a":
            await _by_socks4a(sock, login[0], host.rstrip("."), port)
        else:
            await _by_socks5(sock, login, host.rstrip("."), port)
    except (EOFError, OSError) as error:
        raise _trip("it hung up") from error


async def _by_socks5(sock: socket.socket, login: tuple[bytes, bytes], host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, b"\x05\x02\x00\x02" if any(login) else b"\x05\x01\x00")
    version, method = await _read(sock, 2)
    if version != 5 or method not in (0, 2) or (method == 2 and not any(login)):
        raise _trip("it wants another login than it was given, or speaks no SOCKS 5")
    if method == 2:
        await loop.sock_sendall(sock, b"\x01" + _sized(login[0]) + _sized(login[1]))
        if (await _read(sock, 2))[1] != 0:
            raise _trip("it does not take the login")
    await loop.sock_sendall(sock, b"\x05\x01\x00" + _target(host) + port.to_bytes(2, "big"))
    _, code, _, kind = await _read(sock, 4)
    if code != 0:
        raise _trip(_WHY.get(code, f"it answered {code}"))
    rest = {1: 4, 4: 16}.get(kind) or (await _read(sock, 1))[0]
    await _read(sock, rest + 2)  # from where it connected: nobody asked


async def _by_socks4a(sock: socket.socket, user: bytes, host: str, port: int) -> None:
    target = _target(host)
    address, name = (target[1:], b"") if target[0] == 1 else (b"\0\0\0\1", host.encode("ascii") + b"\0")
    if target[0] == 4 or b"\0" in user:
        raise _trip("SOCKS 4a can't say that address or login")
    said = b"\x04\x01" + port.to_bytes(2, "big") + address + user + b"\0" + name
    await asyncio.get_running_loop().sock_sendall(sock, said)
    code = (await _read(sock, 8))[1]
    if code != 0x5A:
        raise _trip(f"it answered {code}")


def _target(host: str) -> bytes:
    """Return a host as SOCKS 5 writes it: an address as such, a name as a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return b"\x03" + _sized(host.encode("ascii"))
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


def _sized(data: bytes) -> bytes:
    if len(data) > 255:
        raise _trip("SOCKS has no room for so long a name or login")
    return bytes([len(data)]) + data


async def _read(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = await asyncio.get_running_loop().sock_recv(sock, size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _trip(why: str) -> Trip:
    return Trip(Trouble.CONNECT, f"the proxy does not let us through: {why}")
