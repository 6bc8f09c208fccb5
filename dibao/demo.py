"""The whole chain on the built-in sample newsroom, offline: three rounds of one small day."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.markup import escape

from dibao import sync
from dibao.archive import folder as archives
from dibao.clock import SteppingClock
from dibao.config import TEMPLATE
from dibao.errors import ConfigError
from dibao.model import Revision, Verdict
from dibao.newsroom import Newsroom, samples_folder
from dibao.subscribe import subscribe
from dibao.tally import Tally
from dibao.wiring import Opened, opened

MARK = ".dibao-demo"  # only a folder that a demo made is ever replaced

SETTINGS = """
[fetch]
pause = 0
allow_private = ["{address}"]
"""

SAID = {
    Verdict.CHANGED: "[yellow]edited[/]  ",
    Verdict.GONE: "[red]removed[/] ",
    Verdict.RESTORED: "[green]restored[/]",
    Verdict.COMPLETED: "[green]whole[/]   ",
}


def run(folder: Path) -> Iterator[str]:
    """Make a demo archive and yield what happens, line by line, as Rich markup."""
    prepare(folder)
    with Newsroom(samples_folder()) as newsroom:
        settings = TEMPLATE.format(title='"The sample newsroom"', language='"en"')
        extra = SETTINGS.format(address=newsroom.address)
        archives.create(folder, settings.replace("\n[fetch]\n", extra))
        (folder / MARK).touch()
        clock = SteppingClock(newsroom.at)
        for number, each in enumerate(newsroom.rounds, start=1):
            newsroom.round = number
            clock.sleep((each.at - clock.now()).total_seconds())
            yield f"[bold]Round {number}[/], {each.at:%H:%M} UTC on the newsroom's clock"
            with (
                archives.walking(folder),
                opened(folder, clock=clock, resolver=newsroom.resolver()) as it,
            ):
                yield from one_round(it, newsroom, number)
    with opened(folder) as it:
        yield from summary(it)


def prepare(folder: Path) -> None:
    """Make room for a demo; ConfigError if something that is no demo is in the way."""
    if (folder / MARK).exists():
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty and no earlier demo. Name another folder: dibao demo DIR")


def one_round(it: Opened, newsroom: Newsroom, number: int) -> Iterator[str]:
    """Subscribe if this is the first round, walk, publish, and yield what was noticed."""
    if number == 1:
        for outlet in newsroom.outlets:
            wished = {"category": outlet.category, "timezone": outlet.timezone, "language": outlet.language}
            added = subscribe(it, outlet.home, wished)
            yield f"  subscribed to {escape(added.source.name)}: {added.announced} entries announced"
    tally = Tally()
    noticed: list[Revision] = []
    for outcome in sync.walk(it):
        tally.add(outcome)
        noticed += outcome.revisions
    written = sync.publish(it)
    yield f"  {tally.answers} answers: [bold]{tally.line()}[/], pictures: {tally.pictures}; " + ", ".join(
        f"{files} files in {name}/" for name, files in written.items()
    )
    yield from (remark(revision, number) for revision in noticed if worth_a_line(revision, number))


def worth_a_line(revision: Revision, round: int) -> bool:
    """Say whether a reader of the demo wants to hear of a revision by name."""
    return round > 1 or revision.why is not None


def remark(revision: Revision, round: int) -> str:
    """Return a line about one revision."""
    said = SAID.get(revision.verdict, "[green]new[/]     " if round > 1 else "[cyan]excerpt[/] ")
    reason = f" — {revision.why}" if revision.why else ""
    return f"    {said} {escape((revision.article.title or '(untitled)') + reason)}"


def summary(it: Opened) -> Iterator[str]:
    """Yield what the archive holds in the end, and where to look."""
    totals = it.library.totals()
    warc = sum(path.stat().st_size for path in (it.folder / "warc").rglob("*.gz"))
    yield (
        f"[bold]Kept[/]: {totals['articles']} articles in {totals['revisions']} versions, "
        f"{totals['edits']} edits, {totals['gone']} gone, {totals['partial']} only as an excerpt; "
        f"{warc // 1024} kB of evidence"
    )
    yield f"  posts     {escape(str(it.folder / 'posts'))}"
    yield f"  site      {escape(str(it.folder / 'site' / 'index.html'))}"
    yield f"  evidence  {escape(str(it.folder / 'warc'))}"
    command = "dibao" if shutil.which("dibao") else called(sys.argv[0])
    yield f"  look on   {escape(command)} status --archive {escape(str(it.folder))}"


def called(program: str) -> str:
    """Return how to call this program again: the file of a module can't be run itself."""
    return f"{sys.executable} -m dibao" if Path(program).name == "__main__.py" else program
