"""Where an answer sends us on, and to whom our secrets may go."""

from dibao import urls
from dibao.fetch.ask import ONWARD, Answer, bare
from dibao.model import Trouble


def is_redirect(answer: Answer) -> bool:
    """Say whether an answer sends us elsewhere; its body, packed well or badly, does not matter."""
    is_whole = answer.failure is None or answer.failure.trouble is Trouble.ENCODING
    return is_whole and answer.status in ONWARD


def destination(answer: Answer) -> str | None:
    """Return where a redirect leads, without fragment, name and password; None if nowhere."""
    where = urls.absolute(answer.url, answer.header("Location"))
    return bare(where) if where else None


def is_same_place(first: str, second: str) -> bool:
    """Say whether what one URL may be told (a password, a token), the other may be told too."""
    to_the_open = first.startswith("https:") and second.startswith("http:")
    return urls.host(first) == urls.host(second) and not to_the_open
