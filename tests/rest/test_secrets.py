"""No log line, error, repr or exception chain holds a secret, whatever the other side does.

The other side is a real server on a socket that repeats what it was sent in every place it can, and every library logs
at DEBUG. The time that calls wait and try again is virtual.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest
from bitrix24_commerce.rest import Application, AuthorizationServer, Portal, PortalError, connect
from bitrix24_commerce.rest.transport import AuthorizingTransport

from tests.virtual_time import VIRTUAL_TIME

from .secretive import (
    ACCESS,
    CLIENT_SECRET,
    CODE,
    ECHO,
    GRANT,
    READ,
    REFRESH,
    SECRETS,
    WRITE,
    Make,
    either,
    http,
    no,
    oauth,
    open_portal,
    sent_to,
)
from .tattler import HANG_UP, STALL, leaks, listening, tattler

pytestmark = pytest.mark.anyio

NEXT = f"next{ACCESS}"

BROKEN: dict[str, bytes] = {
    "nothing": HANG_UP,
    "no answer in time": STALL,
    "cut off in the head": b"HTTP/1.1 200 OK\r\nX-Echo: " + ECHO,
    "no HTTP": ECHO + b"\r\n\r\n",
    "a status line that is none": b"HTTP/1.1 " + ECHO + b"\r\n\r\n",
    "a header that is none": b"HTTP/1.1 200 OK\r\n" + ECHO + b"\r\n\r\n",
    "a head that is endless": b"HTTP/1.1 200 OK\r\nX-Echo: " + 10_000 * ECHO + b"\r\n\r\n",
    "a chunk that is none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ECHO + b"\r\n",
    "not the gzip it says": http("200 OK", ECHO, b"Content-Encoding: gzip"),
    "a body cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + ECHO,
    "a telling reason phrase": http("200 " + ECHO.decode(), b""),
    "an error with a telling reason phrase": http("500 " + ECHO.decode(), b"<html>"),
    "HTML": http("200 OK", b"<html>" + ECHO, kind=b"text/html"),
    "an empty body": http("200 OK", b""),
    "JSON cut off": http("200 OK", b'{"result": "%s' % ECHO),
    "JSON of another kind": http("200 OK", b'["%s"]' % ECHO),
    "JSON without a result": http("200 OK", b'{"%s": 1}' % ECHO),
    "not UTF-8": http("200 OK", b'{"result": "\xff%s"}' % ECHO),
    "a cookie": http("500 Error", b"", b"Set-Cookie: echo={target}{token}"),
    "404": http("404 Not Found", b"<html>" + ECHO, kind=b"text/html"),
    "a telling code": no(ECHO.decode()),
}
REDIRECTS: dict[str, bytes] = {
    "to plain http": sent_to(b"http://elsewhere.example{target}"),
    "to another path": sent_to(b"https://elsewhere.example/login?backurl={target}&t={token}"),
    "with a user": sent_to(b"https://{token}:word@elsewhere.example{target}"),
    "to a host with a secret name": sent_to(b"http://{secret}.example{target}"),
    "with a port that is none": sent_to(b"https://elsewhere.example:{token}{target}"),
    "to an address that is none": sent_to(b"https://[{target}{token}"),
    "to itself": sent_to(b"{target}"),
    "to nowhere": http("302 Found", ECHO),
    "with 303": sent_to(b"https://elsewhere.example{target}?{token}", "303 See Other"),
    "with 307 and a telling reason": sent_to(b"http://elsewhere.example{target}", "307 " + ECHO.decode()),
    "to a host that does not answer": sent_to(b"http://127.0.0.9:9{target}"),
}
SYSTEM_ERRORS: dict[str, bytes] = {
    code: no(code, status)
    for status, codes in {
        "400 Bad Request": "INVALID_REQUEST 0 100 NOT_FOUND ACCESS_DENIED",
        "401 Unauthorized": "NO_AUTH_FOUND invalid_token authorization_error",
        "402 Payment Required": "PAYMENT_REQUIRED",
        "403 Forbidden": "insufficient_scope INVALID_CREDENTIALS user_access_error allowed_only_intranet_user",
        "404 Not Found": "ERROR_METHOD_NOT_FOUND APPLICATION_NOT_FOUND",
        "405 Not Allowed": "ERROR_BATCH_METHOD_NOT_ALLOWED",
        "429 Too Many Requests": "OPERATION_TIME_LIMIT",
        "500 Internal Server Error": "INTERNAL_SERVER_ERROR ERROR_UNEXPECTED_ANSWER PORTAL_DELETED",
        "503 Service Unavailable": "QUERY_LIMIT_EXCEEDED OVERLOAD_LIMIT",
    }.items()
    for code in codes.split()
}
EVERYTHING = {**BROKEN, **REDIRECTS, **SYSTEM_ERRORS}


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return VIRTUAL_TIME


async def failure(portal: Portal, method: str, parameters: dict[str, Any]) -> BaseException:
    with pytest.raises(PortalError) as caught:
        await portal.call(method, parameters)
    return caught.value


@either
@pytest.mark.parametrize("what", EVERYTHING)
async def test_whatever_goes_wrong(what: str, make: Make, tmp_path: Path) -> None:
    async with open_portal(make, tmp_path) as (portal, server, records):
        server.answer(EVERYTHING[what])

        for call in (READ, WRITE):
            assert leaks(await failure(portal, *call), SECRETS) == []

        assert CODE in server.heard[0] or ACCESS in server.heard[0]
        assert leaks(records, SECRETS) == []
        assert any(record.name == "httpx2" for record in records) or what not in SYSTEM_ERRORS


@either
async def test_a_portal_that_has_moved(make: Make, tmp_path: Path) -> None:
    async with tattler() as elsewhere, open_portal(make, tmp_path) as (portal, server, records):
        server.answer(sent_to(elsewhere.origin.encode() + b"{target}"))
        elsewhere.answer(http("200 OK", b'{"result": []}'))

        assert await portal.call(*READ) == []

        assert portal.origin == elsewhere.origin
        assert f"the portal has moved to {elsewhere.origin}" in [record.getMessage() for record in records]
        assert leaks(records, SECRETS) == []


@either
async def test_a_portal_out_of_reach(make: Make, tmp_path: Path) -> None:
    with listening() as records:
        async with connect(make("http://127.0.0.1:9", tmp_path)) as portal:
            for call in (READ, WRITE):
                assert leaks(await failure(portal, *call), SECRETS) == []
    assert leaks(records, SECRETS) == []


TOKEN_ANSWERS = {
    **BROKEN,
    **REDIRECTS,
    **{code: no(code) for code in ("invalid_grant", "invalid_client", "invalid_request", "PAYMENT_REQUIRED", "other")},
    "tokens that are none": http("200 OK", b'{"access_token": "%s x", "refresh_token": "%s"}' % (b"{target}", ECHO)),
    "an address that is none": http(
        "200 OK",
        b'{"access_token": "a", "refresh_token": "r", "member_id": "m", "client_endpoint": "https://u:{target}@h:x/"}',
    ),
}


@pytest.mark.parametrize("what", TOKEN_ANSWERS)
async def test_whatever_goes_wrong_with_a_renewal_or_a_sign_in(what: str, tmp_path: Path) -> None:
    async with open_portal(oauth, tmp_path) as (portal, server, records):
        server.answer(no("expired_token", "401 Unauthorized"))
        server.answer(TOKEN_ANSWERS[what], to="/oauth/")

        renewal = await failure(portal, *WRITE)
        with pytest.raises(PortalError) as sign_in:
            await AuthorizationServer(Application("local.5f", CLIENT_SECRET, server.origin)).exchange(GRANT)

        asked = [head for head in server.heard if head.startswith("GET /oauth/token/")]
        assert REFRESH in asked[0]
        assert GRANT in asked[-1]
        assert all(CLIENT_SECRET in head for head in asked)
        assert leaks(renewal, SECRETS) == []
        assert leaks(sign_in.value, SECRETS) == []
        assert leaks(records, SECRETS) == []


async def test_tokens_that_cannot_be_kept(tmp_path: Path) -> None:
    async with open_portal(oauth, tmp_path) as (portal, server, records):
        fresh = b'{"access_token": "%s", "refresh_token": "r%s", "member_id": "a223c6b3710f85df"' % (
            2 * (NEXT.encode(),)
        )
        server.answer(no("expired_token", "401 Unauthorized"))
        server.answer(http("200 OK", fresh + b', "client_endpoint": "{origin}/rest/"}'), to="/oauth/")
        tokens = tmp_path / "tokens.json"
        tokens.unlink()
        tokens.mkdir()

        error = await failure(portal, *READ)

        assert leaks(error, (*SECRETS, NEXT)) == []
        assert leaks(records, (*SECRETS, NEXT)) == []


@either
async def test_an_error_of_the_network_that_names_the_request(make: Make, tmp_path: Path) -> None:
    def breaks(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError(
            f"{request.url} {request.headers['Authorization'] if make is oauth else ''}", request=request
        )

    transport = AuthorizingTransport(make("https://example.bitrix24.com", tmp_path), httpx2.MockTransport(breaks))
    with pytest.raises(httpx2.ReadError) as caught:
        await transport.handle_async_request(httpx2.Request("POST", "https://example.bitrix24.com/rest/profile"))

    assert leaks(caught.value, SECRETS) == []
