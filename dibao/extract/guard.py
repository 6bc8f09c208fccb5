"""What the libraries behind this room raise on strange pages, instead of an error of their own."""

from lxml.etree import LxmlError

TROUBLE = (
    LxmlError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)
