"""Checks for browsers are told from what was asked, and from pages that only speak of them."""

import os
from datetime import date
from gzip import decompress
from pathlib import Path

import pytest

from dibao.fetch.walls import AT_MOST, wall_in, walls

CLOUDFLARE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta name="robots" content="noindex,nofollow"></head><body><noscript>Enable JavaScript</noscript>
<script>window._cf_chl_opt = {cvId: '3'}; a.src = '/cdn-cgi/challenge-platform/h/b/x';</script>"""
WALLS = {
    "Cloudflare": CLOUDFLARE,
    "DDoS-Guard": b"<!doctype html><html><head><title>DDoS-Guard</title></head><body>Checking your browser"
    b"<script src='https://check.ddos-guard.net/check.js'></script>",
    "Imperva": b'<html><head></head><body><iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9">'
    b"Request unsuccessful. Incapsula incident ID: 12-345</iframe></body></html>",
    "知道创宇": b"<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+'x';"
    b"location.href=location.pathname+location.search</script>",
    "阿里云": b"<html><script>var arg1='0A1B';function setCookie(name,value){document.cookie=name}"
    b"setCookie('acw_sc__v2', x)</script></html>",
    "Anubis": b"<!doctype html><html><head><title>Making sure you&#39;re not a bot!</title>"
    b'<script id="anubis_challenge" type="application/json">{}</script>',
    "DataDome": b"<html><head><title>a.test</title></head><body><script>var dd={'rt':'c'}</script>"
    b"<script src='https://ct.captcha-delivery.com/c.js'></script>",
    "AWS WAF": b"<!DOCTYPE html><html><script src='https://x.token.awswaf.com/challenge.js'></script>"
    b"<div id='challenge-container'></div><script>AwsWafIntegration.checkForceRefresh()</script>",
    "captcha": "<html><head><title>人机验证</title></head><body><div id='captcha'></div>"
    "<script src='https://static.geetest.com/v4/gt4.js'></script>".encode(),
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_told_by_its_page(name: str) -> None:
    assert wall_in((), WALLS[name]) == name
    assert wall_in((), b"\xef\xbb\xbf \r\n" + WALLS[name]) == name


@pytest.mark.parametrize(
    ("header", "name"),
    [(("CF-Mitigated", "challenge"), "Cloudflare"), (("x-amzn-waf-action", "captcha"), "AWS WAF")],
)
def test_a_wall_is_told_by_its_header(header: tuple[str, str], name: str) -> None:
    assert wall_in((header,), b"") == name
    assert wall_in((("X-Other", header[1]),), b"") is None


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"\x00\x01",
        b"<html><title>Just a moment...</title><p>A short story by nobody.</p></html>",
        b"<html><title>Why Cloudflare asks 'Just a moment...'</title>"
        b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>It says so.</p>",
        b"<html><title>The news</title><script src='/_Incapsula_Resource?SWJIYLWA=7'></script></html>",
        b"<html><title>Write to us</title><form><div class='g-recaptcha'></div></form></html>",
        "<html><title>知道创宇上市</title><p>公司今日宣布</p></html>".encode(),
        b"<rss><channel><title>Just a moment...</title><item><description>window._cf_chl_opt</description>",
        CLOUDFLARE + b"<p>Page</p>" * AT_MOST,
    ],
)
def test_a_page_that_only_speaks_of_walls_is_none(page: bytes) -> None:
    assert wall_in((("Set-Cookie", "__cf_bm=1"), ("Server", "cloudflare")), page) is None


def test_every_rule_is_dated_and_can_hold() -> None:
    for wall in walls():
        assert date(2026, 1, 1) < wall.seen
        assert wall.header or wall.all
        words = [word for line in wall.all for word in line]
        assert words == [word.lower() for word in words]
        page = b"<html>" + b" ".join(line[0] for line in wall.all)
        assert wall_in((), page) if wall.all else True


@pytest.mark.skipif(not os.environ.get("DIBAO_TEST_DATA"), reason="DIBAO_TEST_DATA is not set")
def test_no_real_page_is_taken_for_a_wall() -> None:
    folder = Path(os.environ["DIBAO_TEST_DATA"], "pages/pages")
    pages = [path for path in folder.iterdir() if path.suffix == ".gz"]
    taken = {path.name: wall for path in pages if (wall := wall_in((), decompress(path.read_bytes())))}
    assert len(pages) > 500
    assert not taken
