"""What is in the samples: outlets, their stories, and what happens to them in each round.

All of it is data below ``samples/``: ``OUTLET/outlet.toml``, ``OUTLET/articles/*.toml`` and ``rounds.toml``.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dibao.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented outlet; ``*_path`` are patterns of its addresses."""

    folder: Path
    name: str
    host: str
    language: str  # BCP 47
    timezone: str  # IANA name
    category: str
    tagline: str
    sections: tuple[tuple[str, str], ...]  # (key in addresses, name for readers)
    feed_path: str
    feed_type: str
    story_path: str
    list_path: str
    picture_path: str

    @property
    def home(self) -> str:
        """Return the address of its front page."""
        return f"http://{self.host}/"

    @property
    def feed(self) -> str:
        """Return the address of its feed."""
        return f"http://{self.host}{self.feed_path}"

    def picture(self, name: str, width: int = 640) -> str:
        """Return the path of a picture in one of its widths."""
        return self.picture_path.format(name=name, width=width)

    def listing(self, section: str) -> str:
        """Return the path of a section's list of stories."""
        return self.list_path.format(section=section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as its outlet holds it; times are in the outlet's zone."""

    outlet: Outlet
    slug: str
    section: str
    title: str
    published: datetime
    excerpt: str  # all that the feed says
    body: str = ""  # blocks apart by blank lines; one that begins with "<" is HTML, others are paragraphs
    modified: datetime | None = None
    feed_title: str | None = None  # where it isn't the title; "" for none
    dek: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    image: str = ""
    caption: str = ""
    credit: str = ""
    correction: str = ""
    answer: int = 200  # the status its page answers with

    @property
    def name(self) -> str:
        """Return what ``rounds.toml`` calls it."""
        return f"{self.outlet.folder.name}/{self.slug}"

    @property
    def section_name(self) -> str:
        """Return its section as readers see it."""
        return dict(self.outlet.sections)[self.section]

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return self.outlet.story_path.format(section=self.section, slug=self.slug, day=self.published)

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return f"http://{self.outlet.host}{self.path}"

    @property
    def announced(self) -> str:
        """Return its title in the feed, or nothing."""
        return self.title if self.feed_title is None else self.feed_title

    @property
    def updated(self) -> datetime:
        """Return when it last changed, as the outlet tells it."""
        return self.modified or self.published

    @property
    def blocks(self) -> tuple[Markup, ...]:
        """Return its body, block by block, as HTML."""
        parts = (part.strip() for part in self.body.split("\n\n") if part.strip())
        return tuple(Markup(part if part.startswith("<") else f"<p>{part}</p>") for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of a story: words that are replaced in its body, and fields that are set."""

    story: str
    replaced: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What has happened by a moment of the sample's day."""

    number: int
    at: datetime  # aware UTC; all that the round shows was published before
    late: tuple[str, ...] = ()  # stories that appear now
    removed: tuple[str, ...] = ()  # stories that are gone from now on
    edits: tuple[Edit, ...] = ()


def samples_folder() -> Path:
    """Return the folder of the samples: inside the package as installed, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "samples", package.parent / "samples"):
        if (folder / "rounds.toml").is_file():
            return folder
    raise ConfigError("The sample newsroom is missing: this copy of dibao was packed without samples/.")


def read_outlets(folder: Path) -> tuple[Outlet, ...]:
    """Return the outlets of the samples, in the order of their folders' names."""
    return tuple(_outlet(path) for path in sorted(folder.glob("*/outlet.toml")))


def read_stories(outlet: Outlet) -> Iterator[Story]:
    """Yield all stories an outlet will ever have, as they first appear."""
    for path in sorted((outlet.folder / "articles").glob("*.toml")):
        yield Story(outlet=outlet, slug=path.stem, **_local(_toml(path), outlet.timezone))


def read_rounds(folder: Path) -> tuple[Round, ...]:
    """Return the rounds, from the first."""
    return tuple(_round(table) for table in _toml(folder / "rounds.toml")["round"])


def stories_by_round(stories: Iterable[Story], rounds: Iterable[Round]) -> Iterator[tuple[Story, ...]]:
    """Yield the stories that stand in each round, the newest first."""
    standing = {story.name: story for story in sorted(stories, key=_newest_first, reverse=True)}
    hidden = {name for each in rounds for name in each.late}
    for each in rounds:
        hidden = hidden - set(each.late) | set(each.removed)
        standing |= {edit.story: _edited(standing[edit.story], edit) for edit in each.edits}
        yield tuple(story for name, story in standing.items() if name not in hidden)


def _newest_first(story: Story) -> tuple[datetime, str]:
    return story.published, story.slug


def _edited(story: Story, edit: Edit) -> Story:
    body = story.body
    for old, new in edit.replaced:
        if body.count(old) != 1:
            raise ConfigError(f"{edit.story}: {old!r} stands {body.count(old)} times in it, not once.")
        body = body.replace(old, new)
    return replace(story, body=body, **_local(dict(edit.fields), story.outlet.timezone))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as cause:
        raise ConfigError(f"{path}: {cause}") from cause


def _local(table: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Return the fields of a story with its times in a zone and its lists as tuples."""
    return {key: _value(value, zone) for key, value in table.items()}


def _value(value: Any, zone: str) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone))
    return tuple(value) if isinstance(value, list) else value


def _outlet(path: Path) -> Outlet:
    table = _toml(path)
    sections = tuple(table.pop("sections").items())
    return Outlet(folder=path.parent, sections=sections, **table)


def _round(table: Mapping[str, Any]) -> Round:
    return Round(
        number=table["number"],
        at=table["at"],
        late=tuple(table.get("late", ())),
        removed=tuple(table.get("removed", ())),
        edits=tuple(_edit(edit) for edit in table.get("edit", ())),
    )


def _edit(table: Mapping[str, Any]) -> Edit:
    replaced = tuple((pair["old"], pair["new"]) for pair in table.get("replace", ()))
    return Edit(story=table["story"], replaced=replaced, fields=tuple(table.get("set", {}).items()))
