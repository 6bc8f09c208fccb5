"""Names and passwords from files of their own, so that the settings can be shown to anybody."""

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from dibao.errors import ConfigError


def logins(files: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the Authorization header of each host (RFC 7617); ConfigError for a file that has no login."""
    return {host: login(folder / Path(file).expanduser()) for host, file in files.items()}


def login(path: Path) -> str:
    """Return the Authorization header for the ``name:password`` on a file's one line."""
    try:
        said = path.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"fetch.auth: {path} can't be read: {error}") from error
    if ":" not in said or not said.isprintable():
        raise ConfigError(f"fetch.auth: {path} must hold one line, as name:password")
    return f"Basic {b64encode(said.encode()).decode()}"
