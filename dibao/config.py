"""Settings: ``dibao.toml`` and ``DIBAO_*`` to one frozen tree; the only reader of either."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from dibao.errors import ConfigError

# What pydantic says of common slips, in words of ours.
WORDS = {
    "extra_forbidden": "there is no such setting",
    "tuple_type": 'write a list, as ["…"]',
    "list_type": 'write a list, as ["…"]',
    "string_pattern_mismatch": "write an address, as https://…",
}


class Part(BaseModel):
    """A table of settings; unknown keys are refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SiteConfig(Part):
    """What the published site says of itself."""

    title: str = "dibao"
    """Its name."""
    description: str = ""
    """A line below the name."""
    base_url: str = ""
    """Where it will stand, as https://news.example.org/; needed for the sitemap and the feeds' archive."""
    language: Literal["en", "zh-Hant", "zh-Hans"] = "en"
    """Of menus and dates: en, zh-Hant or zh-Hans."""
    hub: str = Field("", pattern=r"^(https?://\S+)?$")
    """A WebSub hub that the feeds name, as https://hub.example.org/; needs base_url."""


def known_proxy(address: str) -> str:
    """Return the address of a proxy; ValueError unless it is one that dibao can talk to.

    SOCKS proxies look names up themselves, whether they are written socks5h or socks5.
    """
    known = bool(re.fullmatch(r"(?:http|socks5h?|socks4a)://[^\s/?#]+/?", address))
    try:
        known = known and urlsplit(address).port != 0
    except ValueError:  # no port at all
        known = False
    if address and not known:
        raise ValueError("write a proxy as http://127.0.0.1:3128 or socks5h://127.0.0.1:9050 (or socks4a://)")
    return address


def host_name(name: str) -> str:
    """Return a host as settings are looked up by; ValueError for what is none, which would never be found."""
    if not re.fullmatch(r"\*|\[[0-9a-fA-F:.]+\](:\d+)?|[^\s/?#@:\[\]]+(:\d+)?", name):
        raise ValueError("name a host, as example.org or example.org:8080")
    return name.lower()


HostName = Annotated[str, AfterValidator(host_name)]


def public_address(address: str) -> str:
    """Return an address at which we are reached; ValueError unless paths can be put behind it."""
    if address and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", address):
        raise ValueError("write it as https://news.example.org/, without name, password or question mark")
    return address


class FetchConfig(Part):
    """How the network is asked."""

    contact: str = "https://github.com/dibao/dibao"
    """In the User-Agent: where site owners find you."""
    pause: float = Field(1.0, ge=0)
    """Seconds between requests to the hosts of one registrable domain."""
    per_host: int = Field(2, ge=1, le=2)
    """Connections to the hosts of one registrable domain."""
    concurrency: int = Field(32, ge=1)
    """Connections in all."""
    timeout: float = Field(60.0, gt=0)
    """Seconds for one answer, redirects included."""
    max_bytes: int = Field(20 * 2**20, gt=0)
    """Of one answer, decompressed; what comes over the wire may be an eighth larger."""
    max_picture_bytes: int = Field(10 * 2**20, gt=0)
    """Of one picture; where it is larger, the next smaller size that the page offers is asked."""
    robots: bool = True
    """Heed robots.txt for article pages."""
    allow_private: tuple[str, ...] = ()
    """Sources in your own network, as "127.0.0.1:8000" or "192.168.1.0/24"."""
    headers: dict[HostName, dict[str, str]] = {}
    """Extra request headers by host; never written down."""
    auth: dict[HostName, str] = {}
    """Files with a login, `name:password`, by host; a path is seen from the archive folder."""
    proxy: dict[HostName, Annotated[str, AfterValidator(known_proxy)]] = {}
    """Proxies by host, as "http://host:3128" or "socks5h://host:9050"; "*" is for all others, "" for none."""


class ReadConfig(Part):
    """How answers are read."""

    workers: int = Field(0, ge=0)
    """Processes; 0: one a core."""
    deadline: float = Field(20.0, gt=0)
    """Seconds for one feed, half of it for one page; then its reader is killed."""


class ExtractConfig(Part):
    """How the article in a page is found."""

    site_config: str = ""
    """A folder of rules as Full-Text RSS and wallabag have them; a path is seen from the archive folder."""


class ArchiveConfig(Part):
    """How the archive is kept."""

    min_free: int = Field(200 * 2**20, ge=0)
    """Bytes of disk that stay free."""


class PublishConfig(Part):
    """What `publish` makes."""

    posts: bool = True
    """Keep posts/: an article a Markdown file."""
    site: bool = True
    """Keep site/: a static site."""
    git: bool = False
    """Commit posts/ to a git repository of its own after each publish."""
    every: float = Field(30.0, ge=1)
    """Seconds between two updates while `sync --watch` runs; more where one takes long."""


class WebConfig(Part):
    """How others reach `dibao serve`."""

    public_url: Annotated[str, AfterValidator(public_address)] = ""
    """Its address for the world, as https://news.example.org/; then hubs (WebSub) are asked to push news."""


class Config(BaseSettings):
    """Every setting, each with a default."""

    model_config = SettingsConfigDict(
        env_prefix="DIBAO_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    site: SiteConfig = SiteConfig()
    fetch: FetchConfig = FetchConfig()
    read: ReadConfig = ReadConfig()
    extract: ExtractConfig = ExtractConfig()
    archive: ArchiveConfig = ArchiveConfig()
    publish: PublishConfig = PublishConfig()
    web: WebConfig = WebConfig()


def defaults() -> Config:
    """Return the settings of the environment alone, where there is no archive."""
    return load(Path(os.devnull))


def load(path: Path) -> Config:
    """Return the settings of a file and the environment, which wins; ConfigError names what is wrong."""

    class Here(Config):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return env_settings, TomlConfigSettingsSource(settings_cls, path)

    try:
        return Here()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {WORDS.get(e['type'], e['msg']).removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise ConfigError(
            f"{path}: {wrong}. `dibao config --help` and docs/settings.md tell what there is."
        ) from error
    except (ValueError, SettingsError) as error:  # not TOML; not JSON in the environment
        raise ConfigError(f"{path}: {error}") from error


TEMPLATE = """\
# Settings of this archive. Each has a default; remove the # to change one.
# Every key has an environment form too: DIBAO_FETCH__PAUSE=2

[site]
title = {title}
# base_url = "https://news.example.org/"
language = {language}          # of menus and dates: en, zh-Hant or zh-Hans

[fetch]
# contact = "https://example.org/about-our-archive"   # shown to the sites you visit
# pause = 1.0                # seconds between requests to one host
# allow_private = ["192.168.1.0/24"]                   # sources in your own network

[publish]
# git = true                 # commit posts/ after each publish

[web]
# public_url = "https://news.example.org/"   # where `dibao serve` is reached; then hubs push news
"""
