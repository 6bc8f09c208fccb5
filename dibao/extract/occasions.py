"""What a caption tells of its picture: whose it is, and when it was taken if not now."""

import re
from dataclasses import replace

from dibao.extract.credits import photo_credit, taken
from dibao.model import Media

_LONGEST_CREDIT = 90  # characters at the end of a caption
_MARKS_WORDS = "/ ／ © courtesy by photo foto credit 攝 摄 翻拍 提供 供圖 供图 撮影 제공"
_MARKS = tuple(_MARKS_WORDS.split())
_FILED = re.compile(r"(?i:file|archiv|archief|arkiv|arquivo)|[檔档]|[資资]料|자료|아카이브|年|攝於|摄于|撮影")


def told(media: Media) -> Media:
    """Return a picture with what its caption tells of it; it stays as it is where that is nothing."""
    if not media.caption or not _tells(media.caption, credited=bool(media.credit)):
        return media
    credit, is_file = photo_credit(media.caption)
    when = taken(media.caption)
    if not (is_file or when or (credit and not media.credit)):
        return media
    return replace(media, credit=media.credit or credit, file_photo=is_file, taken=when)


def _tells(caption: str, *, credited: bool) -> bool:
    """Say whether a caption is worth reading for its credit and day: that costs as much as all the rest."""
    end = caption[-_LONGEST_CREDIT:].lower()
    return (not credited and any(mark in end for mark in _MARKS)) or bool(_FILED.search(caption))
