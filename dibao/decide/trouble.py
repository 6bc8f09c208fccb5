"""The class of a source's trouble, and what a person can do about it."""

import re
from dataclasses import dataclass

from dibao.model import Trouble

_ASKING = re.compile(rf"({'|'.join(Trouble)}): ")
_ANSWERED = re.compile(r"the server answered (\d{3})")
# What a feed could not be read for begins or is told with; the first that fits.
_READING = (
    ("(410)", "http-410"),
    ("this is a sitemap", "sitemap"),
    ("selector", "selector"),
    ("no list of headlines", "selector"),
    ("empty", "empty"),
    ("cut off", "cut"),
    ("larger than", "size"),
    ("packed more", "size"),
    ("gzip", "encoding"),
    ("not a feed", "not-a-feed"),
    ("neither rss", "not-a-feed"),
    ("neither a sitemap", "not-a-feed"),
    ("json", "not-a-feed"),
)


def class_of(error: str) -> str:
    """Return the class of an error: as "dns", "http-404" or "not-a-feed"."""
    asking, answered = _ASKING.match(error), _ANSWERED.match(error)
    if asking:
        return asking[1]
    if answered:
        return f"http-{answered[1]}"
    said = error.lower()
    return next((kind for sign, kind in _READING if sign in said), "unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a class of trouble."""

    advice: str  # with {id} for the source's number
    lasting: bool = False  # no asking again will mend it


NEW_ADDRESS = "dibao sources edit {id} --url NEW"
REFUSES = Known(
    advice="It refuses programs, or wants a login (fetch.auth in dibao.toml). Is there another feed of it? "
    f"Then: {NEW_ADDRESS}. Single pages that you saved: dibao keep FILE."
)
MISSING = Known(advice=f"Is its feed elsewhere now? Look at its site; then: {NEW_ADDRESS}.")
DOWN = Known(advice="The site has trouble of its own; nothing to do unless that lasts for weeks.")
DAMAGED = Known(advice="What it sends is damaged. If that lasts, tell the people who run it.")
KINDS = {
    "url": Known(advice=f"Nothing can be asked there: {NEW_ADDRESS}.", lasting=True),
    "dns": Known(advice=f"Is the address right, and this machine online? If it moved: {NEW_ADDRESS}."),
    "connect": DOWN,
    "tls": Known(
        advice="No safe connection comes about: look at the address in a browser. If its certificate is at "
        f"fault, tell the people who run it; if it moved: {NEW_ADDRESS}."
    ),
    "timeout": Known(advice="The site is slow or down."),
    "blocked": Known(
        advice="It is a private address. If it is yours, list it in fetch.allow_private (dibao.toml).",
        lasting=True,
    ),
    "robots": Known(
        advice="Its robots.txt asks programs to stay away; it is tried again weekly.", lasting=True
    ),
    "unasked": Known(advice="Nothing to do: it asked to be left alone, or can't say now what it allows."),
    "offline": Known(advice="Nothing to do: this machine was offline."),
    "redirect": Known(advice=f"Its address leads in circles or nowhere: {NEW_ADDRESS}."),
    "size": Known(advice="If it is meant to be so large: raise fetch.max_bytes (dibao.toml)."),
    "encoding": DAMAGED,
    "broken": DAMAGED,
    "cut": DAMAGED,
    "challenge": Known(
        advice="It shows a check for browsers, which dibao does not evade. Is there another feed of it? "
        f"Then: {NEW_ADDRESS}."
    ),
    "http-401": REFUSES,
    "http-402": REFUSES,
    "http-403": REFUSES,
    "http-451": REFUSES,
    "http-404": MISSING,
    "http-410": Known(advice=f"If it has a new address: {NEW_ADDRESS}.", lasting=True),
    "http-429": Known(advice="It asked to be left alone for a while; nothing hastens that."),
    "sitemap": Known(advice="dibao sources edit {id} --kind sitemap reads it.", lasting=True),
    "selector": Known(
        advice="Has the page changed? Say which links are its headlines: "
        "dibao sources edit {id} --select CSS; without a selector they are learnt.",
        lasting=True,
    ),
    "not-a-feed": Known(advice=f"Its address answers with something else: {NEW_ADDRESS}."),
    "empty": Known(advice=f"Its address answers with nothing. If its feed is elsewhere: {NEW_ADDRESS}."),
    "unreadable": Known(advice="It can't be read. If it looks right in a browser, please tell us."),
}
AGAIN = "It is asked again, later and later."


def known_of(kind: str) -> Known:
    """Return what is known of a class of trouble."""
    return KINDS.get(kind) or (DOWN if kind.startswith("http-5") else MISSING)


def advice_for(kind: str, id: int) -> str:
    """Return what a person can do about a class of trouble of a source."""
    return f"{known_of(kind).advice.format(id=id)} {AGAIN}"
