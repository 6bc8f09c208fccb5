"""What the outlets answer: every address of a round with its bytes; the same round, the same bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dibao.newsroom.content import Outlet, Story

_OPENING = datetime(2026, 3, 1, tzinfo=UTC)  # what never changes was put there then
_PICTURES = {".jpg": "image/jpeg", ".png": "image/png"}
_HTML, _TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands at one address."""

    body: bytes
    type: str
    changed: datetime
    status: int = 200

    @property
    def etag(self) -> str:
        """Return the value of its (weak) entity tag."""
        return sha256(self.body).hexdigest()[:20]


Site = dict[tuple[str, str], Answer]  # by host and path; the path "" is for all that isn't there

NOBODY = Answer(body=b"No such host here.\n", type=_TEXT, changed=_OPENING, status=421)


def site(
    folder: Path, outlets: Iterable[Outlet], stories: Iterable[Story], before: Site, now: datetime
) -> Site:
    """Return all that is served in a round; what differs from the round before changed just now."""
    answers: Site = {}
    for outlet in outlets:
        own = tuple(story for story in stories if story.outlet == outlet)
        for path, answer in (*_pages(outlet, own, now), *_files(folder, outlet)):
            place = (outlet.host, path)
            answers[place] = _aged(answer, before.get(place), now)
    return answers


def _aged(answer: Answer, before: Answer | None, now: datetime) -> Answer:
    if before is None:
        return answer
    return replace(answer, changed=before.changed if answer.body == before.body else now)


def _pages(outlet: Outlet, stories: tuple[Story, ...], now: datetime) -> Iterator[tuple[str, Answer]]:
    environment = _templates(outlet.folder)
    newest = max((story.updated for story in stories), default=_OPENING)
    context = {"outlet": outlet, "stories": stories, "now": now.astimezone(ZoneInfo(outlet.timezone))}

    def page(template: str, kind: str = _HTML, changed: datetime = newest, **more: Any) -> Answer:
        text = environment.get_template(template).render(context, **more)
        return Answer(body=text.encode(), type=kind, changed=changed, status=more.get("status", 200))

    yield "/", page("list.html.j2", section="", listed=stories)
    for key, _ in outlet.sections:
        listed = tuple(story for story in stories if story.section == key)
        yield outlet.listing(key), page("list.html.j2", section=key, listed=listed)
    for story in stories:
        if story.answer == 200:
            yield story.path, page("page.html.j2", changed=story.updated, story=story)
        elif story.answer != 404:
            yield story.path, page("missing.html.j2", status=story.answer)
    yield "", page("missing.html.j2", status=404)
    yield outlet.feed_path, page("feed.j2", outlet.feed_type)


def _files(folder: Path, outlet: Outlet) -> Iterator[tuple[str, Answer]]:
    rules = (outlet.folder / "robots.txt").read_bytes()
    yield "/robots.txt", Answer(body=rules, type=_TEXT, changed=_OPENING)
    for path in sorted(folder.glob("images/*/*.*")):
        picture = Answer(body=path.read_bytes(), type=_PICTURES[path.suffix], changed=_OPENING)
        yield outlet.picture(path.name, int(path.parent.name)), picture


def _templates(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.filters["rfc822"] = format_datetime
    return environment
