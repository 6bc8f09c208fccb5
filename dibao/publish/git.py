"""The history of what was published, kept by git."""

import os
import subprocess
from pathlib import Path

from dibao.errors import PublishError

_ELSEWHERE = frozenset(("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"))
_IDENTITY = ("-c", "user.name=dibao", "-c", "user.email=dibao@localhost")


def commit(folder: Path, message: str) -> bool:
    """Commit all that changed in a folder, made a repository if it is none; False when nothing did.

    Raises PublishError when git is missing or refuses.
    """
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet")
    _git(folder, "add", "--all", ".")
    if _asks(folder, "diff", "--cached", "--quiet"):
        return False
    identity = () if all(_asks(folder, "config", name) for name in ("user.name", "user.email")) else _IDENTITY
    _git(folder, *identity, "commit", "--quiet", "--message", message)
    return True


def _asks(folder: Path, *arguments: str) -> bool:
    """Return whether git answers yes."""
    return _run(folder, *arguments).returncode == 0


def _git(folder: Path, *arguments: str) -> None:
    done = _run(folder, *arguments)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise PublishError(f"git could not commit {folder}: {said}; the files themselves are published")


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # GIT_DIR and its kin would lead to somebody else's repository when we run inside of a hook.
    ours = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    try:
        return subprocess.run(
            ("git", *arguments),
            cwd=folder,
            env={**ours, "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as trouble:
        raise PublishError(
            f"git could not be started ({trouble.strerror}); install it to keep history"
        ) from trouble
