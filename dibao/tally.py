"""What a round did, counted from its outcomes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dibao.model import POLLS, Kind, Outcome, Trouble, Verdict


@dataclass(slots=True)
class Tally:
    """Counts outcomes as they come; the one mutable value, since a progress line watches it."""

    answers: int = 0
    polls: int = 0
    found: int = 0
    pictures: int = 0
    picture_errors: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    partial: int = 0  # kept only as the feed has it
    errors: Counter[str] = field(default_factory=Counter)
    offline: int = 0  # not asked, because this machine reached nobody
    sources: dict[str, str] = field(default_factory=dict)  # source name -> why its feed could not be read

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.answers += 1
        self.polls += outcome.visit.kind in POLLS
        self.found += sum(not visit.id and visit.kind is not Kind.NEXT for visit in outcome.found)
        self.verdicts.update(revision.verdict for revision in outcome.revisions)
        self.partial += sum(
            revision.why is not None and revision.verdict is Verdict.NEW for revision in outcome.revisions
        )
        self.pictures += bool(outcome.pictures)
        if is_offline(outcome):
            self.offline += 1
        elif outcome.error and outcome.visit.kind is Kind.MEDIA:
            self.picture_errors += not (outcome.found or outcome.pictures)  # else another candidate is asked
        elif outcome.error and outcome.visit.kind is Kind.PART:
            self.sources[outcome.visit.source.name] = f"{outcome.visit.url}: {outcome.error}"
        elif outcome.error and outcome.visit.kind is Kind.FEED:
            self.sources[outcome.visit.source.name] = outcome.error
        elif outcome.error:
            self.errors[outcome.error] += 1

    def facts(self) -> dict[str, Any]:
        """Return the counts by name."""
        return {
            "answers": self.answers,
            "polls": self.polls,
            "found": self.found,
            **{verdict.value: self.verdicts[verdict] for verdict in Verdict if verdict is not Verdict.SAME},
            "partial": self.partial,
            "pictures": self.pictures,
            "picture_errors": self.picture_errors,
            "offline": self.offline,
            "page_errors": dict(self.errors),
            "source_errors": self.sources,
        }

    def line(self) -> str:
        """Return the counts as a line."""
        parts = [f"{self.verdicts[verdict]} {verdict}" for verdict in WORTH_SAYING if self.verdicts[verdict]]
        return ", ".join(parts) or "nothing new"


def is_offline(outcome: Outcome) -> bool:
    """Say whether a visit could not be made because this machine is offline."""
    return (outcome.error or "").startswith(f"{Trouble.OFFLINE}: ")


WORTH_SAYING = (Verdict.NEW, Verdict.CHANGED, Verdict.COMPLETED, Verdict.GONE, Verdict.RESTORED)
