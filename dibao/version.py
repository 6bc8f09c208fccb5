"""The version of dibao, in one place."""

VERSION = "0.1.0"
