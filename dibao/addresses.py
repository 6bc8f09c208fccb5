"""Addresses as they may be written down, their secrets kept apart, and which of them are never asked."""

import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import replace

from dibao import urls
from dibao.archive import vault
from dibao.errors import ConfigError
from dibao.feeds.discover import web_address
from dibao.fetch.guard import Guard, Refused
from dibao.fetch.secrets import hide
from dibao.model import Source
from dibao.text import clip
from dibao.wiring import Opened


def storable(it: Opened, url: str) -> str:
    """Return an address as it may be written down, its secrets kept apart; ConfigError if it is none."""
    url = web_address(url.strip())
    whole = url if "://" in url else f"https://{url}"
    if urls.parse(whole) is None:
        raise ConfigError(f"{url!r} is not a web address. Say for example https://example.org/feed.xml")
    marked, found = hide(whole, lambda: f"DIBAO-SECRET-{secrets.token_hex(6)}", vault.read(it.folder))
    vault.remember(it.folder, found)
    return marked


def hidden(it: Opened, sources: Iterable[Source]) -> list[Source]:
    """Return sources as they may be written down: the secrets of their addresses kept apart."""
    known = vault.read(it.folder)
    used = dict(known)

    def hide_in(text: str) -> str:
        if "@" not in text and "=" not in text:  # nowhere else do addresses hold secrets
            return text
        marked, found = hide(text, lambda: f"DIBAO-SECRET-{secrets.token_hex(6)}", used)
        used.update(found)
        return marked

    marked = [
        replace(
            source,
            url=hide_in(source.url),
            name=hide_in(source.name),  # a source without a name is called by its address
            extra=tuple((name, hide_in(value)) for name, value in source.extra),
        )
        for source in sources
    ]
    vault.remember(it.folder, {mark: secret for mark, secret in used.items() if mark not in known})
    return marked


def allowed(it: Opened, sources: Iterable[Source]) -> tuple[list[Source], list[str]]:
    """Return the sources that may be asked, and why each other never will be."""
    guard = Guard(allowed=frozenset(it.config.fetch.allow_private))
    judged = [(source, barred(guard, source.url)) for source in sources]
    reasons = [f"“{clip(source.name, 60)}”: {why}" for source, why in judged if why]
    return [source for source, why in judged if not why], reasons


def barred(guard: Guard, url: str) -> str | None:
    """Return why an address that names a machine by its number may not be asked, or None."""
    parts = urls.parse(url)
    name = (parts.hostname or "") if parts else ""
    if not parts or name.strip("0123456789abcdef.:"):  # names are judged when it is known where they lead
        return None
    try:
        guard.check(str(ipaddress.ip_address(name)), parts.port or (443 if parts.scheme == "https" else 80))
    except ValueError:
        return None
    except Refused as refused:
        return (
            f"{refused}. If it is yours, list {urls.host(url)} as allow_private below [fetch] in dibao.toml"
        )
    return None
