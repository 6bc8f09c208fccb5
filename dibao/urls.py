"""URLs: whether we may ask one, and whether two of them are the same article."""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

# Added by those who share a link, never by those who publish it.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|spm|ref_src|cmpid|_ga|wt_mc|xtor)$",
    re.I,
)
_NO_HOST = re.compile(r"[<>\"'\\^`{|}]")
# With nothing in it that could be written otherwise, but "www." and a slash at the end.
_PLAIN = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]+)(/[!$-;=@-\[\]^-z~\xa1-\ud7ff]*)?")
_UNSAFE = re.compile("[\x00-\x20\x7f\ud800-\udfff]")
# Nothing in it to repair or to doubt: nearly every link there is.
_SOUND = re.compile(
    r"https?://[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?:[/?#][\x21\x23-\x5b\x5d-\x7e\xa1-\ud7ff]*)?"
)
# From the root of its site, and with nothing in it that joining would change.
_ROOTED = re.compile(r"/(?![/.])(?:(?<!/)\.|[!#-\-/-:<-\[\]-~\xa1-\ud7ff])*(?<![?#])")

Said = TypeVar("Said")


def remembered(say: Callable[[str], Said]) -> Callable[[str], Said]:
    """Return a function of a URL that remembers what it said last: one visit asks it a dozen times."""
    known = lru_cache(maxsize=1024)(say)

    @wraps(say)
    def ask(url: str) -> Said:
        return known(url) if len(url) <= 512 else say(url)  # long ones would fill the memory

    return ask


@remembered
def parse(url: str) -> SplitResult | None:
    """Return the parts of an http(s) URL that can be asked, or None."""
    if _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets left open, a port that is no number
        return None
    usable = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    usable = usable and "%" not in (parts.hostname or "")
    return parts if usable and not _NO_HOST.search(parts.netloc) else None


def absolute(base: str | None, link: str | None) -> str | None:
    """Return the link seen from its base, with what a browser would repair repaired, or None."""
    if not link:
        return None
    if _SOUND.fullmatch(link):
        return link
    if link[0] == "/" and base and _ROOTED.fullmatch(link) and "?#" not in link and (site := _site(base)):
        return site + link
    if not link.strip():
        return None
    try:
        joined = urljoin(base or "", link.strip())
    except ValueError:
        return None
    joined = _UNSAFE.sub(lambda found: quote(found.group(), errors="replace"), joined)
    return joined if parse(joined) else None


@remembered
def _site(url: str) -> str:
    """Return the beginning of an address up to its path; empty where it can't be asked."""
    parts = parse(url)
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


@remembered
def host(url: str) -> str:
    """Return the host and, where it isn't the scheme's own, the port; empty if there is none."""
    parts = parse(url)
    if parts is None:
        return ""
    name = (parts.hostname or "").lower()
    usual = {"http": 80, "https": 443}[parts.scheme]
    return name if parts.port in (None, usual) else f"{name}:{parts.port}"


def same_article(url: str) -> str | None:
    """Return a form that is equal for addresses of one article, or None if it is no http(s) URL.

    Scheme, default port, "www.", trailing slash, tracking parameters and fragments do not tell
    articles apart; the case of a path, other parameters and ``#!`` fragments do.
    """
    plain = _PLAIN.fullmatch(url)
    if plain:
        return f"//{plain[1].removeprefix('www.')}{(plain[2] or '').rstrip('/')}"
    parts = parse(url)
    if parts is None:
        return None
    # As written: decoding would make one of all parameters in an encoding that isn't UTF-8.
    query = [pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0])]
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    path = parts.path.rstrip("/") if not fragment else parts.path
    return urlunsplit(("", host(url).removeprefix("www."), path, "&".join(query), fragment))


def untracked(url: str) -> str:
    """Return the URL without parameters that only say who shared it and where; all else as it is written."""
    if "?" not in url:
        return url
    link, hash, fragment = url.partition("#")
    path, mark, query = link.partition("?")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _TRACKING.match(pair.partition("=")[0])]
    if len(kept) == len(pairs):
        return url
    return f"{path}{mark if kept else ''}{'&'.join(kept)}{hash}{fragment}"


@remembered
def without_userinfo(url: str) -> str:
    """Return the URL without name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def akin(url: str, other: str) -> bool:
    """Say whether two addresses belong to one site: the same host, or one below the other."""
    one, two = map(_name, (url, other))
    return bool(one and two) and (one == two or _below(one, two) or _below(two, one))


def _name(url: str) -> str:
    parts = parse(url)
    return (parts.hostname or "").lower().removeprefix("www.") if parts else ""


def _below(name: str, above: str) -> bool:
    return "." in above and name.endswith(f".{above}")
