"""Files that a command writes into a folder that a person names: over nobody's, unless that is wished."""

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from dibao.errors import ConfigError, PublishError

LONGEST = 200  # bytes of a name without its ending: most disks take 255


class NewFiles:
    """A folder for new files; one that stands there already is left as it is, unless `force` is said."""

    def __init__(self, folder: Path, *, force: bool = False, spared: Iterable[Path] = ()) -> None:
        """`spared` are files that are never written over: those that are being read."""
        if folder.exists() and not folder.is_dir():
            raise ConfigError(
                f"{folder} is a file, and --output wants a folder: one file is written there for each page. "
                "Name a folder, or leave --output out and send what is printed to a file with >."
            )
        self.folder, self.force = folder, force
        self.made = 0
        self._spared = {path.resolve() for path in spared}
        self._given: Counter[str] = Counter()  # how many numbers were added to a name
        self._names: set[str] = set()  # as a disk that tells neither case nor Unicode form apart has them

    def write(self, stem: str, ending: str, body: bytes) -> str | None:
        """Write a file under a name that none of ours has; return why not, if something is in the way.

        PublishError where the folder can't be written at all.
        """
        path = self.folder / f"{self._free(stem)}{ending}"
        if path.is_dir():
            return f"{path} is a folder, so that no file can be written there. Name another with --output."
        if path.resolve() in self._spared:
            return f"{path} is a page that is read, and is not written over. Name another folder."
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.made += self._put(path, body)
        except FileExistsError:
            return f"{path} is there already and was left as it is. --force writes over it."
        except OSError as error:
            raise PublishError(f"{error.filename or path} can't be written: {error.strerror}") from error
        return None

    def _free(self, stem: str) -> str:
        """Return the stem, short enough for a disk and numbered where we have given it away already."""
        short = stem.encode()[:LONGEST].decode(errors="ignore")
        name = short
        while folded(name) in self._names:
            self._given[folded(short)] += 1
            name = f"{short}~{self._given[folded(short)] + 1}"
        self._names.add(folded(name))
        return name

    def _put(self, path: Path, body: bytes) -> bool:
        """Write a file and return True, or False where it stands there just so."""
        if path.is_file() and path.read_bytes() == body:
            return False
        if self.force:
            replace(path, body)
        else:
            create(path, body)
        return True


def create(path: Path, body: bytes) -> None:
    """Write a file, whole or not at all; FileExistsError where there is one."""
    with path.open("xb") as file:
        try:
            file.write(body)
        except BaseException:  # half a file would be in the way of the next run
            with suppress(OSError):
                path.unlink()
            raise


def replace(path: Path, body: bytes) -> None:
    """Write a file, whole or not at all, over whatever file is there."""
    beside = path.with_name(f".{os.getpid()}.tmp-dibao")
    try:
        beside.write_bytes(body)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def folded(name: str) -> str:
    """Return a name as it is known to a disk that tells neither case nor Unicode form apart."""
    return unicodedata.normalize("NFC", name).casefold()
