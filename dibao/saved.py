"""Pages as browsers save them: HTML with a line that says where it stood, or MHTML."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from dibao import urls

_BEGINNING = 16384  # bytes in which a file says what it is
_MHTML = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
# Chrome, Edge and Safari write the first, the SingleFile extension the second.
_SAVED_FROM = re.compile(rb"saved from url=\(\d{4}\)(\S+)|Page saved with SingleFile\s+url:\s*(\S+)", re.I)
# What "save as, complete" puts in place of a picture's address: the copy beside the file. Seen from the
# site, that would be an address where nothing ever stood.
_LOCAL_COPY = re.compile(
    rb"\s(?:src|srcset|poster)=(\"(?:\./)?[^\"/:]+_files/[^\"]*\"|'(?:\./)?[^'/:]+_files/[^']*')", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """What a file holds that a person saved."""

    type: str  # of the file: "text/html", "multipart/related", …
    page: bytes
    page_type: str  # a Content-Type
    url: str | None = None  # where the page stood, as the file says


def unfold(data: bytes) -> SavedFile:
    """Return the page in a file; any bytes at all are one page that says nothing of itself."""
    start = data[:_BEGINNING]
    if _MHTML.search(re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]):
        message = message_from_bytes(data)
        page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        if page is not None:
            return _in_mhtml(message, page)
    found = _SAVED_FROM.search(start)
    said = (found[1] or found[2]).decode("utf-8", "replace") if found else None
    type = _type_of(start)
    return SavedFile(type=type, page=data, page_type=type, url=_address(said))


def _in_mhtml(message: Message, page: Message) -> SavedFile:
    body = page.get_payload(decode=True)
    charset = page.get_content_charset()
    places = (message["Snapshot-Content-Location"], page["Content-Location"])
    return SavedFile(
        type="multipart/related",
        page=body if isinstance(body, bytes) else b"",
        page_type=f"text/html; charset={charset}" if charset else "text/html",
        url=next(filter(None, map(_address, places)), None),
    )


def _address(said: object) -> str | None:
    url = str(said).strip() if said else ""
    return url if urls.parse(url) else None


def _type_of(start: bytes) -> str:
    if start.startswith(b"%PDF"):
        return "application/pdf"
    is_text = b"<" in start and (b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff")))
    return "text/html" if is_text else "application/octet-stream"


def without_local_copies(page: bytes) -> bytes:
    """Return a saved page without the addresses that lead to copies beside the file."""
    return _LOCAL_COPY.sub(b"", page)
