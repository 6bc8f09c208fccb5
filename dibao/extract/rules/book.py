"""The rules that there are, found by a page's host."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from importlib.resources import files
from typing import NamedTuple, Protocol

from dibao.extract.rules import siteconfig, written
from dibao.extract.rules.rule import Rule, joined
from dibao.urls import host

Read = Callable[
    [str, str, str], tuple[tuple[Rule, ...], tuple[str, ...]]
]  # text, host, file -> rules, complaints


class Shelf(Protocol):
    """Where files of rules stand."""

    def stamp(self, name: str) -> object | None:
        """Return what changes when a file does; None where there is no such file."""

    def text(self, name: str) -> str:
        """Return what a file holds; OSError or ValueError where it can't be read."""

    def place(self, name: str) -> str:
        """Return how people know a file."""


class _Kind(NamedTuple):
    shelf: Shelf
    names: Callable[[str], Iterator[str]]  # of the files that may be about a host, the nearest first
    read: Read


def name_of(url: str | None) -> str:
    """Return the host of an address as rules go by it: without port and "www."."""
    found = host(url or "")
    bare = found if found.startswith("[") else found.partition(":")[0]
    return bare.removeprefix("www.")


def parents(name: str) -> Iterator[str]:
    """Yield a host and those above it, down to two labels; an address by number has none above."""
    yield name
    if name.rpartition(".")[2].isdecimal() or name.startswith("["):
        return
    while name.count(".") > 1:
        name = name.partition(".")[2]
        yield name


def toml_names(name: str) -> Iterator[str]:
    """Yield the names of the TOML files that may be about a host."""
    return (f"{each}.toml" for each in parents(name) if name)


class Book:
    """Finds the rule for a page: your archive's own before a ``site_config`` file, and dibao's last.

    A file is read when it is first wanted, and again when it has changed. What can't be read is left out.
    """

    def __init__(
        self, archive: Shelf | None = None, site_config: Shelf | None = None, own: Shelf | None = None
    ) -> None:
        kinds = (
            (archive, toml_names, written.read_rules),
            (site_config, siteconfig.names, siteconfig.read_rules),
            (own, toml_names, written.read_rules),
        )
        self._kinds = [_Kind(shelf, names, read) for shelf, names, read in kinds if shelf is not None]
        self._known: dict[tuple[int, str], tuple[object, tuple[Rule, ...]]] = {}

    def rule_for(self, url: str, relay: str | None, at: datetime) -> Rule | None:
        """Return the rule for a page captured at a time, or, with the address of a feed, for its content.

        A feed's content is read by the rule of the relay that made it; what the outlet's own rule strips
        is stripped too.
        """
        if not self._kinds:
            return None
        own = self._rule(name_of(url), at, relay=False)
        return joined(self._rule(name_of(relay), at, relay=True), own) if relay else own

    def ever_about(self, url: str) -> tuple[Rule, ...]:
        """Return every rule for the pages of a host, whenever it holds, of the first file that has any."""
        name = name_of(url)
        files = ((number, kind, file) for number, kind in enumerate(self._kinds) for file in kind.names(name))
        for number, kind, file in files:
            rules = tuple(rule for rule in self._read(number, kind, file) if not rule.relay)
            if rules:
                return rules
        return ()

    def _rule(self, name: str, at: datetime, *, relay: bool) -> Rule | None:
        for number, kind in enumerate(self._kinds):
            for file in kind.names(name):
                fitting = [
                    rule for rule in self._read(number, kind, file) if rule.relay is relay and rule.holds(at)
                ]
                if fitting:  # the latest to begin
                    return max(fitting, key=lambda rule: (rule.since is not None, rule.since))
        return None

    def _read(self, number: int, kind: _Kind, file: str) -> tuple[Rule, ...]:
        stamp = kind.shelf.stamp(file)
        if stamp is None:
            return ()
        known = self._known.get((number, file))
        if known is None or known[0] != stamp:
            known = stamp, read_file(kind.shelf, file, kind.read)[0]
            self._known[number, file] = known
        return known[1]


class RulesAt(NamedTuple):
    """The rules of a book, as of the time of one capture."""

    book: Book
    at: datetime

    def about(self, url: str, relay: str | None = None) -> Rule | None:
        """Return the rule for a page or, with the address of a feed, for what that carries of it."""
        return self.book.rule_for(url, relay, self.at)

    def ever_about(self, url: str) -> tuple[Rule, ...]:
        """Return every rule for the pages of a host, whenever it holds."""
        return self.book.ever_about(url)


NO_BOOK = Book()
NO_RULES = RulesAt(NO_BOOK, datetime.min)


def read_file(shelf: Shelf, file: str, read: Read) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Return the rules of a file, and a line about each thing in it that had to be left out."""
    about = file.rpartition(".")[0].lstrip(".")
    try:
        return read(shelf.text(file), about, shelf.place(file))
    except (OSError, ValueError) as error:
        return (), (f"{shelf.place(file)}: can't be read ({error})",)


class Shipped:
    """The rules that come with dibao."""

    def __init__(self) -> None:
        found = (each.name for each in files(__package__).iterdir())
        self._names = tuple(sorted(name for name in found if name.endswith(".toml")))

    def stamp(self, name: str) -> object | None:
        """Return something where there is such a file: it never changes."""
        return True if name in self._names else None

    def text(self, name: str) -> str:
        """Return what a file holds."""
        return (files(__package__) / name).read_text(encoding="utf-8")

    def place(self, name: str) -> str:
        """Return how people know a file."""
        return f"dibao:{name}"

    @property
    def names(self) -> Sequence[str]:
        """Return the names of all files."""
        return self._names


def shipped() -> Shipped:
    """Return the rules that come with dibao."""
    return Shipped()
