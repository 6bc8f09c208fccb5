"""What came back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Where a capture is kept: a WARC file, relative to the archive, and an offset in bytes."""

    file: str
    offset: int


class Trouble(StrEnum):
    """The ways in which asking can fail."""

    URL = "url"  # not an address we can ask
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    BLOCKED = "blocked"  # an address we refuse to connect to
    ROBOTS = "robots"  # robots.txt forbids it
    UNASKED = "unasked"  # nothing was asked: robots.txt could not be read, or the host wants to be left alone
    OFFLINE = "offline"  # nothing was asked: it is this machine that reaches nobody
    REDIRECT = "redirect"  # too many, or nowhere
    SIZE = "size"
    ENCODING = "encoding"
    BROKEN = "broken"  # the answer breaks HTTP, or stops short
    CHALLENGE = "challenge"  # a check for browsers came instead: a puzzle, a captcha, a refusal of programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a request brought no usable answer."""

    trouble: Trouble
    detail: str

    def __str__(self) -> str:
        return f"{self.trouble}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, byte for byte as on the wire (TLS removed)."""

    url: str
    at: datetime
    request: bytes
    response: bytes
    address: str | None = None  # the peer we talked to
    is_cut: bool = False  # we stopped reading: more came than we take


class Brought(StrEnum):
    """How bytes came that a person handed us: nobody can say that they came over our wire."""

    SAVED = "saved"  # a page that a person saved in a browser
    COPIED = "copied"  # a record of another crawler, from its WARC file


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One visit's answer, as it happened."""

    url: str
    final_url: str
    captured_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""  # decoded: what the page's author wrote
    failure: Failure | None = None
    exchanges: tuple[Exchange, ...] = ()  # every hop; the last one is the answer
    ref: Ref | None = None  # set once it is written down
    brought: Brought | None = None  # None: we asked for it ourselves
    certified_until: datetime | None = None  # of the TLS peer that answered last; None: no TLS, or unknown

    @property
    def has_page(self) -> bool:
        """Say whether there is something to read: the server answered well, or a person brought it."""
        return self.failure is None and (self.status == 200 or self.brought is not None)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the decoded body, in hex."""
        return sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)
