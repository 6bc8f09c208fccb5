"""Every "should we…?" of dibao, as functions of values: no fixture is needed to test one."""

from dibao.decide.backfill import LIMIT, Span, covers, is_older_page, judge_older, older_page, older_visit
from dibao.decide.filling import passed
from dibao.decide.identity import by_url, fingerprint, identity, key_of, names, says_something, stands_alone
from dibao.decide.joining import joined
from dibao.decide.keeping import judge, judge_wish
from dibao.decide.pictures import pictures_of
from dibao.decide.schedule import failed, why_not
from dibao.decide.since import recent

__all__ = [
    "LIMIT",
    "Span",
    "by_url",
    "covers",
    "failed",
    "fingerprint",
    "identity",
    "is_older_page",
    "joined",
    "judge",
    "judge_older",
    "judge_wish",
    "key_of",
    "names",
    "older_page",
    "older_visit",
    "passed",
    "pictures_of",
    "recent",
    "says_something",
    "stands_alone",
    "why_not",
]
