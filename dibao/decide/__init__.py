"""Every "should we…?" of dibao, as functions of values: no fixture is needed to test one."""

from dibao.decide.identity import by_url, identity, key_of, names, says_something, stands_alone
from dibao.decide.keeping import judge, judge_wish
from dibao.decide.pictures import pictures_of
from dibao.decide.schedule import failed, why_not
from dibao.decide.since import recent

__all__ = [
    "by_url",
    "failed",
    "identity",
    "judge",
    "judge_wish",
    "key_of",
    "names",
    "pictures_of",
    "recent",
    "says_something",
    "stands_alone",
    "why_not",
]
