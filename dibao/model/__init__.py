"""The nouns of dibao, as frozen values.

Containers are tuples; make a changed copy with ``dataclasses.replace``, never change in place. All
times are aware UTC. HTML in an `Article` is always clean (the allow-list of ``extract/clean.py``); HTML
in an `Entry` is as the source wrote it and must never be published unsanitised.
"""

from dibao.dates import Doubt
from dibao.model import packing as _packing  # noqa: F401 - registers itself
from dibao.model.articles import (
    LEAVES_AT_MOST,
    Article,
    Basis,
    Credits,
    Leaf,
    Link,
    Media,
    Note,
    Origin,
    Picture,
    Reading,
)
from dibao.model.captures import Brought, Capture, Exchange, Failure, Ref, Trouble
from dibao.model.feeds import Enclosure, Entry, Feed, Node, Part
from dibao.model.health import Counts, Finding, Health, Level, Signs, Survey
from dibao.model.hubs import Lease, Letter, Mode, Offer
from dibao.model.keeping import Headline, Kept, Outcome, Revision, Verdict
from dibao.model.vitals import Crop, Got, Harvest, Look, Pulse, Week
from dibao.model.watching import (
    BUSY,
    HOLD_AT_MOST,
    HOLD_UNSAID,
    KEPT_PAGES,
    POLLS,
    Filling,
    Gap,
    Hold,
    Kind,
    Rhythm,
    Rules,
    Source,
    State,
    Visit,
)

__all__ = [
    "BUSY",
    "HOLD_AT_MOST",
    "HOLD_UNSAID",
    "KEPT_PAGES",
    "LEAVES_AT_MOST",
    "POLLS",
    "Article",
    "Basis",
    "Brought",
    "Capture",
    "Counts",
    "Credits",
    "Crop",
    "Doubt",
    "Enclosure",
    "Entry",
    "Exchange",
    "Failure",
    "Feed",
    "Filling",
    "Finding",
    "Gap",
    "Got",
    "Harvest",
    "Headline",
    "Health",
    "Hold",
    "Kept",
    "Kind",
    "Leaf",
    "Lease",
    "Letter",
    "Level",
    "Link",
    "Look",
    "Media",
    "Mode",
    "Node",
    "Note",
    "Offer",
    "Origin",
    "Outcome",
    "Part",
    "Picture",
    "Pulse",
    "Reading",
    "Ref",
    "Revision",
    "Rhythm",
    "Rules",
    "Signs",
    "Source",
    "State",
    "Survey",
    "Trouble",
    "Verdict",
    "Visit",
    "Week",
]
