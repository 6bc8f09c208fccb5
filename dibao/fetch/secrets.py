"""Secrets in URLs and headers: kept apart, put in only on the wire, taken out of all that comes back."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import permutations
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from dibao import urls

NOTHING: Mapping[str, str] = {}
# Headers whose values anybody may see.
_OPEN = frozenset(("accept", "accept-encoding", "accept-language", "cache-control", "user-agent", "referer"))
REDACTED = "[redacted]"
PLACEHOLDER = re.compile(r"DIBAO-SECRET-[0-9A-Za-z]+")
SHORT = 6  # characters; a shorter secret may be an ordinary word, so it is found only where URLs have it

_WORDS = (
    "apikey auth authkey authorization bearer cookie credential credentials hmac jwt key passkey passphrase "
    "passwd password pass pwd rsskey secret session sessionid sid sig sign signature ticket token"
)
_SECRET_WORDS = frozenset(_WORDS.split())
_SECRET_ENDS = (
    "apikey",
    "authkey",
    "token",
    "secret",
    "password",
    "passwd",
    "signature",
    "accesskey",
    "rsskey",
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=256)
def is_secret_name(name: str) -> bool:
    """Say whether a query parameter or header of that name holds a secret."""
    words = {word.lower() for word in _WORD.findall(name)}
    return bool(words & _SECRET_WORDS) or name.lower().endswith(_SECRET_ENDS)


def hide(url: str, mark: Callable[[], str], known: Mapping[str, str] = NOTHING) -> tuple[str, dict[str, str]]:
    """Return a URL with placeholders for its secrets, and what each new placeholder stands for.

    Secrets are the name and password before the host and the values of parameters with telling
    names. `mark` makes one placeholder, as ``DIBAO-SECRET-3f2a…``; a secret that is `known` keeps its
    own, and a placeholder that is there already stays.
    """
    found: dict[str, str] = {}
    used = dict(known)

    def put(secret: str) -> str:
        if not secret or PLACEHOLDER.fullmatch(secret):
            return secret
        placeholder = next((name for name, value in used.items() if value == secret), None)
        if placeholder is None:
            placeholder = mark()
            found[placeholder] = used[placeholder] = secret
        return placeholder

    parts = urls.parse(url)
    if parts is None:
        return url, {}
    userinfo, at, host = parts.netloc.rpartition("@")
    netloc = ":".join(map(put, userinfo.split(":", 1))) + at + host
    query, fragment = (_hide_values(part, put) for part in (parts.query, parts.fragment))
    hidden = parts._replace(netloc=netloc, query=query, fragment=fragment)
    return (urlunsplit(hidden) if hidden != parts else url), found


def _hide_values(query: str, put: Callable[[str], str]) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return "&".join(
        name + equals + (put(value) if is_secret_name(unquote(name)) else value)
        for name, equals, value in pairs
    )


def reveal(url: str, secrets: Mapping[str, str]) -> str:
    """Return a URL with the secrets that its placeholders stand for; unknown placeholders stay."""
    return PLACEHOLDER.sub(lambda found: secrets.get(found.group(), found.group()), url)


def revealed(url: str, reveal: Callable[[str], str]) -> dict[str, str]:
    """Return what each placeholder in a URL stands for."""
    known = {placeholder: reveal(placeholder) for placeholder in PLACEHOLDER.findall(url)}
    return {placeholder: secret for placeholder, secret in known.items() if secret != placeholder}


def basic(url: str) -> str | None:
    """Return the Authorization header for the name and password in a URL (RFC 7617), or None."""
    userinfo, at, _ = urlsplit(url).netloc.rpartition("@")
    if not at:
        return None
    name, _, password = userinfo.partition(":")
    return "Basic " + b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()


def secret_values(headers: Mapping[str, str]) -> list[str]:
    """Return what must not be written down of these request headers: whole values and their telling parts."""
    values = [value for name, value in headers.items() if value and name.lower() not in _OPEN]
    parts = [part for value in values for part in re.split(r"[\s;,]+", value)]
    cookies = [part.partition("=")[2] for part in parts]
    return values + passwords(parts) + [part for part in parts + cookies if len(part) >= 2 * SHORT]


def passwords(parts: Iterable[str]) -> list[str]:
    """Return the passwords in what stands behind ``Basic`` in an Authorization header."""
    found = []
    for part in parts:
        with suppress(ValueError):
            found.append(b64decode(part, validate=True).decode().partition(":")[2])
    return [word for word in found if len(word) >= SHORT]


def scrub(data: bytes, secrets: Mapping[str, str]) -> bytes:
    """Return the bytes with every secret, however a URL or header writes it, made its placeholder."""
    clean = scrubber(secrets)
    return clean(data) if clean else data


def scrubber(secrets: Mapping[str, str], redacted: Iterable[str] = ()) -> Callable[[bytes], bytes] | None:
    """Return a function that makes secrets placeholders and `redacted` ones ``[redacted]``; None if none."""
    forms = {value.encode("utf-8", "surrogatepass"): REDACTED.encode() for value in redacted}
    forms |= dict(_forms(secrets))
    if not forms:
        return None
    # One pass, the longest first, so that no replacement is searched again or cut in two.
    pattern = re.compile(b"|".join(map(_pattern, sorted(forms, key=len, reverse=True))))
    return lambda data: pattern.sub(lambda found: forms[found.group()], data)


def _forms(secrets: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    for placeholder, secret in secrets.items():
        for form in filter(None, _spellings(secret)):
            yield form.encode("utf-8", "surrogatepass"), placeholder.encode()
    plain = [(placeholder, unquote(secret)) for placeholder, secret in secrets.items()]
    for (name_shown, name), (word_shown, word) in permutations([*plain, ("", "")], 2):
        pair = b64encode(f"{name}:{word}".encode("utf-8", "surrogatepass"))  # as Authorization: Basic has it
        yield pair, (word_shown or name_shown).encode()


def _spellings(secret: str) -> set[str]:
    plain = unquote(secret)
    quoted = quote(plain, safe="", errors="surrogatepass")
    twice = quote(secret, safe="", errors="surrogatepass")  # a URL within a URL
    lower = re.sub(r"%..", lambda found: found.group().lower(), quoted)
    escaped, slashed = plain.replace("&", "&amp;"), plain.replace("/", "\\/")  # as HTML and JSON have it
    return {secret, plain, quoted, twice, lower, quoted.replace("%20", "+"), escaped, slashed}


def _pattern(form: bytes) -> bytes:
    exact = re.escape(form)
    if len(form) >= SHORT:
        return exact
    places = (rb"(?<=//)%s(?=[:@])", rb"(?<=:)%s(?=@)", rb"(?<==)%s(?=[&#;\"'\s<]|$)")
    return b"|".join(place % exact for place in places)
