"""Where an answer sends us on, and to whom our secrets may go."""

from dibao import urls
from dibao.fetch.ask import ONWARD, Answer, bare
from dibao.model import Trouble


def is_redirect(answer: Answer) -> bool:
    """Say whether an answer sends us elsewhere; its body, packed badly or cut by us, does not matter."""
    is_told = answer.failure is None or answer.failure.trouble in (Trouble.ENCODING, Trouble.SIZE)
    return is_told and answer.status in ONWARD


def destination(answer: Answer) -> str | None:
    """Return where a redirect leads, without fragment, name and password; None if nowhere."""
    where = urls.absolute(answer.url, answer.header("Location"))
    return bare(where) if where else None


def is_same_place(first: str, second: str) -> bool:
    """Say whether what one URL may be told (a password, a token), the other may be told too."""
    to_the_open = first.startswith("https:") and second.startswith("http:")
    return urls.host(first) == urls.host(second) and not to_the_open
