"""What short texts say, worked out once for each: pages repeat their classes, and sites their pages."""

from collections.abc import Callable

_LONGEST = 500  # characters of a text that is remembered


class Remembered(dict[str, int]):
    """The answers of a function by what it was asked; all are forgotten where there are too many.

    `lru_cache` notes the order in which its entries are asked for, which takes three times as long as to
    look one up.
    """

    def __init__(self, say: Callable[[str], int], most: int) -> None:
        super().__init__()
        self.say, self.most = say, most

    def __missing__(self, text: str) -> int:
        answer = self.say(text)
        if len(text) <= _LONGEST:
            if len(self) >= self.most:
                self.clear()
            self[text] = answer
        return answer
