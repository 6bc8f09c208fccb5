"""Frozen nouns that are written field by field, where thousands are made at once."""

from collections.abc import Callable
from dataclasses import MISSING, field, fields, make_dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def draft_of(noun: type["DataclassInstance"]) -> Callable[[], Any]:
    """Return what begins a noun: its fields at their defaults, None where it has none, and `sealed`.

    A frozen dataclass sets each field through `object.__setattr__`, which takes eight times as long as
    plain assignment. A draft isn't frozen; `sealed` makes it the noun, whose slots are the same.
    """

    def sealed(self: Any) -> Any:
        self.__class__ = noun
        return self

    defaults = {each.name: None if each.default is MISSING else each.default for each in fields(noun)}
    members = [(name, Any, field(default=value)) for name, value in defaults.items()]
    draft = make_dataclass(noun.__name__, members, namespace={"sealed": sealed}, slots=True)
    return cast(Callable[[], Any], draft)
