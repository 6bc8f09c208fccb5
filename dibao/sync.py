"""One round of an archive: settle what was left, walk, and bring the published forms up to date."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from dibao import engine
from dibao.archive.folder import require_space
from dibao.archive.sqlite import SOON
from dibao.consumers import bring_up_to_date
from dibao.hubs import subscribing
from dibao.model import Outcome
from dibao.pipeline import judge
from dibao.ports import Judge
from dibao.publish.git import commit
from dibao.wiring import PATIENCE, Opened, fetching, forms, working


def walk(
    it: Opened,
    *,
    only: int | None = None,
    patience: timedelta | None = PATIENCE,
    waiting: Callable[[int], None] = lambda seconds: None,
    judging: Judge = judge,
    goes_on: Callable[[], bool] = lambda: True,
) -> Iterator[Outcome]:
    """Make every visit that is due and those it brings; yield each outcome once it is kept.

    The caller holds `archive.folder.walking`. `waiting` is told the seconds to the next visit. Without
    `patience` it waits for each visit to come, for as long as it `goes_on`.
    """

    def check() -> bool:
        require_space(it.folder, it.config.archive.min_free)
        return goes_on()

    check()
    now = it.clock.now()
    it.archive.mend_clock(now)
    it.archive.ease_in(now, within=SOON if patience is None else patience * 0.8)  # none is left for the next
    with working(it) as workers:
        yield from engine.recover(it.archive, workers, judging)
        agenda = engine.Agenda(
            it.archive, it.clock, patience=patience, only=only, goes_on=check, waiting=waiting
        )
        with fetching(it, keep=it.archive.keep) as fetcher, subscribing(it, fetcher):
            yield from engine.run(it.archive, fetcher, workers, it.clock, agenda, judging)


def publish(it: Opened, *, full: bool = False) -> dict[str, int]:
    """Bring posts and site up to date; return how many files each had changed.

    The caller holds `archive.folder.walking`.
    """
    written = {form.name: bring_up_to_date(it.archive, it.library, form, full=full) for form in forms(it)}
    if it.config.publish.git and it.config.publish.posts:
        commit(it.folder / "posts", f"News up to {it.clock.now():%Y-%m-%d %H:%M} UTC")
    return written
