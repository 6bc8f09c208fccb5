"""Answers that are asked for again and again: sites repeat their classes, and a page its titles."""

from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
LONGEST = 200  # characters of what is remembered: a page may write a class of a megabyte


class Remembered(dict[str, Answer]):
    """What a function says of texts: ``known[text]``, asked once for each of the short ones.

    No more than so many are kept; then all are forgotten, and what is in use is soon known again.
    """

    __slots__ = ("_ask", "_most")

    def __init__(self, ask: Callable[[str], Answer], most: int) -> None:
        super().__init__()
        self._ask, self._most = ask, most

    def __missing__(self, text: str) -> Answer:
        answer = self._ask(text)
        if len(text) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[text] = answer
        return answer
