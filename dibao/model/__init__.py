"""The nouns of dibao, as frozen values.

Containers are tuples; make a changed copy with ``dataclasses.replace``, never change in place. All
times are aware UTC. HTML in an `Article` is always clean (the allow-list of ``extract/clean.py``); HTML
in an `Entry` is as the source wrote it and must never be published unsanitised.
"""

from dibao.dates import Doubt
from dibao.model.articles import Article, Basis, Credits, Link, Media, Picture, Reading
from dibao.model.captures import Brought, Capture, Exchange, Failure, Ref, Trouble
from dibao.model.feeds import Enclosure, Entry, Feed, Node, Part
from dibao.model.hubs import Lease, Letter, Mode, Offer
from dibao.model.keeping import Headline, Kept, Outcome, Revision, Verdict
from dibao.model.watching import KEPT_PAGES, POLLS, Gap, Hold, Kind, Rhythm, Source, State, Visit

__all__ = [
    "KEPT_PAGES",
    "POLLS",
    "Article",
    "Basis",
    "Brought",
    "Capture",
    "Credits",
    "Doubt",
    "Enclosure",
    "Entry",
    "Exchange",
    "Failure",
    "Feed",
    "Gap",
    "Headline",
    "Hold",
    "Kept",
    "Kind",
    "Lease",
    "Letter",
    "Link",
    "Media",
    "Mode",
    "Node",
    "Offer",
    "Outcome",
    "Part",
    "Picture",
    "Reading",
    "Ref",
    "Revision",
    "Rhythm",
    "Source",
    "State",
    "Trouble",
    "Verdict",
    "Visit",
]
