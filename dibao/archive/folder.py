"""An archive on disk: one folder that can be copied."""

import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dibao.errors import ArchiveError, ConfigError

SETTINGS = "dibao.toml"
DATABASE = "archive.db"
LOCK = ".lock"  # held by the one who walks or publishes
TURN = ".turn.lock"  # held by one who waits for a watch to make room
WATCH = ".watch.lock"  # held by a watch for as long as it runs
WHOLE = ".watch-all.lock"  # held too by a watch that asks all sources and publishes
GLANCE = 0.5  # seconds: longer than anybody takes to see whether a watch runs
SHORT = 0.1  # seconds: a look takes a thousandth of one
PATIENCE = 120.0  # seconds in which a watch makes room: what is under way comes to its end first


def is_archive(folder: Path) -> bool:
    """Say whether a folder is an archive, or was one."""
    return (folder / SETTINGS).is_file() or (folder / DATABASE).exists()


def require(folder: Path) -> Path:
    """Return the folder if it is an archive; ConfigError if it is not."""
    if (folder / DATABASE).exists() and not (folder / SETTINGS).exists():
        raise ConfigError(
            f"{folder.absolute()} has lost its {SETTINGS}. Put it back, or make an empty file of that name: "
            "every setting has a default."
        )
    if not (folder / SETTINGS).is_file():
        raise ConfigError(
            f"{folder.absolute()} is not a dibao archive (it has no {SETTINGS}). Make one with "
            f"`dibao init {shlex.quote(str(free(folder)))}`, or name yours with --archive."
        )
    return folder


def free(folder: Path) -> Path:
    """Return where an archive can be made: the folder that is meant, or one by what stands there."""
    if folder.is_dir():
        return folder / "my-archive" if any(folder.iterdir()) else folder
    return folder.with_name("my-archive") if folder.exists() else folder


def create(folder: Path, settings: str) -> None:
    """Make a new archive folder with these settings; ConfigError if something is in the way."""
    if (folder / SETTINGS).exists() or (folder / DATABASE).exists():
        raise ConfigError(f"{folder} is a dibao archive already.")
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file. Name a folder.")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty. Name a new folder, or empty this one first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("secrets.json\n*.lock\n*.db-wal\n*.db-shm\n", encoding="utf-8")
        (folder / SETTINGS).write_text(settings, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder} can't be made: {error.strerror or error}") from error


@contextmanager
def walking(folder: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the right to walk and publish an archive; ArchiveError when another process has it.

    A watch makes room for those who can wait: `waiting` is called before they do. The kernel frees a lock
    when its process ends, however it ends.
    """
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(folder / LOCK).acquire(timeout=0))
        except Timeout as error:
            if waiting is None or not is_taken(folder, WATCH):
                raise busy(folder) from error
            waiting()
            held.enter_context(in_turn(folder, PATIENCE))
        except OSError as error:
            raise ArchiveError(f"{folder} can't be written: {error.strerror or error}") from error
        yield


@contextmanager
def in_turn(folder: Path, patience: float) -> Iterator[None]:
    """Hold the right to walk an archive as soon as it is free, in turn with others who wait for it.

    ArchiveError when that takes more than `patience` seconds; below 0 it may take for ever.
    """
    lock = FileLock(folder / LOCK)
    try:
        with FileLock(folder / TURN, timeout=patience):
            lock.acquire(timeout=patience)
    except Timeout as error:
        raise busy(folder) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def watching(folder: Path, *, whole: bool = True) -> Iterator[None]:
    """Be the one watch of an archive, of the whole of it or a part; ArchiveError when there is another."""
    try:
        with FileLock(folder / WATCH, timeout=GLANCE), ExitStack() as held:
            if whole:
                held.enter_context(FileLock(folder / WHOLE))
            yield
    except Timeout as error:
        raise ArchiveError(
            f"{folder.resolve()} is watched already, by another `dibao sync --watch`."
        ) from error


def is_wanted(folder: Path) -> bool:
    """Say whether a command waits for the watch to make room."""
    return is_taken(folder, TURN)


def is_watched(folder: Path) -> bool:
    """Say whether a watch is running that asks all sources and publishes what comes."""
    return is_taken(folder, WHOLE)


def is_taken(folder: Path, name: str) -> bool:
    """Say whether some process holds a lock of an archive."""
    if not (folder / name).exists():  # nobody ever did
        return False
    try:
        # Not at once: two who look at the same time must not take each other for the one who holds it.
        with FileLock(folder / name, timeout=SHORT, poll_interval=SHORT / 10):
            return False
    except Timeout:
        return True
    except OSError:  # the folder can't be written: whoever goes on is told so
        return False


def busy(folder: Path) -> ArchiveError:
    """Return what is said where another process has the archive."""
    return ArchiveError(f"{folder} is busy: another dibao is syncing or publishing it. Try again later.")


def require_database(folder: Path) -> None:
    """Raise ArchiveError when evidence is kept but the database that knows of it is gone."""
    database = folder / DATABASE
    lost = not database.exists() or database.stat().st_size == 0
    if lost and next((folder / "warc").rglob("*.warc.gz"), None):
        raise ArchiveError(
            f"{database} is missing or empty, though {folder / 'warc'} holds evidence. Nothing is done, so "
            "that nothing published is taken away: put the database back from a copy of the folder."
        )


def require_space(folder: Path, floor: int) -> None:
    """Raise ArchiveError when less than `floor` bytes are free on the archive's disk."""
    free = shutil.disk_usage(folder).free
    if free < floor:
        raise ArchiveError(
            f"Only {free // 2**20} MB are free for {folder} and {floor // 2**20} MB must stay so "
            "(archive.min_free): nothing more is fetched. What is kept is safe; free some and run again."
        )
