"""Languages of places that keep one time, which their sites seldom write down."""

import re
from functools import lru_cache

_ZONES = (
    (re.compile(r"zh-(.*-)?tw|zh-hant", re.I), "Asia/Taipei"),
    (re.compile(r"zh-(.*-)?hk", re.I), "Asia/Hong_Kong"),
    (re.compile(r"zh(-.*)?", re.I), "Asia/Shanghai"),
    (re.compile(r"ja(-.*)?", re.I), "Asia/Tokyo"),
    (re.compile(r"ko(-.*)?", re.I), "Asia/Seoul"),
)


_SCRIPTS = (
    (re.compile("[\uac00-\ud7a3]"), "ko"),
    (re.compile("[\u3041-\u30ff]"), "ja"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
)


def spoken_in(words: str | None) -> str | None:
    """Return the language that some words are surely in, by their script, or None."""
    return next((language for script, language in _SCRIPTS if script.search(words or "")), None)


@lru_cache(maxsize=256)
def zone_of(language: str | None) -> str | None:
    """Return the time zone of a language that is written in one, or None."""
    return next((zone for pattern, zone in _ZONES if pattern.fullmatch(language or "")), None)
