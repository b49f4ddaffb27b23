"""No log line, error, repr or exception chain holds a secret, whatever the other side does.

The other side is a real server on a socket that repeats what it was sent in every place it can, and every library logs
at DEBUG. The time that calls wait and try again is virtual.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from bitrix24_commerce.rest import (
    Application,
    AuthorizationServer,
    InvalidAddress,
    OAuthCredentials,
    Portal,
    PortalError,
    TokenStore,
    Webhook,
    WebhookCredentials,
    connect,
    origin_of,
)
from bitrix24_commerce.rest.limits import SELF_HOSTED
from bitrix24_commerce.rest.tokens import Tokens, UnreadableTokens
from bitrix24_commerce.rest.transport import Credentials

from tests.virtual_time import VIRTUAL_TIME

from .tattler import HANG_UP, STALL, Tattler, leaks, listening, tattler

pytestmark = pytest.mark.anyio

CODE = "wq0rhj4m8fxz1v2k"
ACCESS = "acce55f7b0a1c2d3e4f5"
REFRESH = "refre5hf7b0a1c2d3e4f5"
CLIENT_SECRET = "cl1ent5ecretf7b0a1c2"
GRANT = "gran7c0def7b0a1c2d3e4"
NEXT = "next" + ACCESS
SECRETS = (CODE, ACCESS, REFRESH, CLIENT_SECRET, GRANT)

READ = ("crm.item.payment.list", {"entityId": 13142, "entityTypeId": 2})
WRITE = ("crm.item.payment.pay", {"id": 1041})
ECHO = b"{target} {token}"


def http(status: str, body: bytes, *headers: bytes, kind: bytes = b"application/json") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\n" % (status.encode(), kind)
    return head + b"".join(header + b"\r\n" for header in headers) + b"Connection: close\r\n\r\n" + body


def no(code: str, status: str = "400 Bad Request") -> bytes:
    return http(status, b'{"error": "%s", "error_description": "Wrong: %s"}' % (code.encode(), ECHO))


def sent_to(location: bytes, status: str = "302 Found") -> bytes:
    return http(status, b"<html>%s</html>" % location, b"Location: " + location, kind=b"text/html")


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


def webhook(origin: str, folder: Path) -> Credentials:
    return WebhookCredentials(Webhook.parse(f"{origin}/rest/1/{CODE}/"))


def oauth(origin: str, folder: Path) -> Credentials:
    store = TokenStore.at(folder / "tokens.json")
    store.save(Tokens(ACCESS, REFRESH, origin, "a223c6b3710f85df"))
    return OAuthCredentials.stored(AuthorizationServer(Application("local.5f", CLIENT_SECRET, origin)), store)


Make = Callable[[str, Path], Credentials]
either = pytest.mark.parametrize("make", [webhook, oauth])


@asynccontextmanager
async def open_portal(make: Make, folder: Path) -> AsyncGenerator[tuple[Portal, Tattler, list[logging.LogRecord]]]:
    """The whole client before a server that tattles."""
    with listening() as records:
        async with tattler() as server, connect(make(server.origin, folder), limits=SELF_HOSTED) as portal:
            yield portal, server, records


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
    async with open_portal(make, tmp_path) as (portal, server, records):
        server.answer(
            sent_to(server.origin.replace("127.0.0.1", "localhost").encode() + b"{target}"),
            http("200 OK", b'{"result": []}'),
        )

        assert await portal.call(*READ) == []

        assert portal.origin.startswith("http://localhost:")
        assert any("has moved to http://localhost:" in record.getMessage() for record in records)
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
async def test_no_object_of_the_client_shows_a_secret(make: Make, tmp_path: Path) -> None:
    async with open_portal(make, tmp_path) as (portal, server, _):
        server.answer(http("200 OK", b'{"result": []}'))
        await portal.call(*READ)

        shown = [each for each in _reachable(portal) if type(each).__module__.startswith("bitrix24_commerce.rest")]

        assert {type(each).__name__ for each in shown} >= {"Portal", "Connection", "AuthorizingTransport"}
        assert {type(each).__name__ for each in shown} & {"Webhook", "Tokens"}
        for each in shown:
            assert leaks([f"{each!r}", f"{each!s}"], SECRETS) == []


def _reachable(start: object) -> list[object]:
    """All objects that hang together with one, modules and classes aside."""
    found: dict[int, object] = {}
    queue: list[object] = [start]
    while queue:
        each = queue.pop()
        if id(each) not in found and not isinstance(each, type | type(gc)):
            found[id(each)] = each
            if type(each).__module__.partition(".")[0] in ("bitrix24_commerce", "httpx2", "builtins"):
                queue += gc.get_referents(each)
    return list(found.values())


@pytest.mark.parametrize(
    "address",
    [
        f"http://example.bitrix24.com/rest/1/{CODE}/",
        f"https://example.bitrix24.com:{CODE}/rest/1/x/",
        f"https://[{CODE}/rest/1/{CODE}/",
        f"https://{CODE}\u2100/rest/1/{CODE}/",
        f"https://example.bitrix24.com/rest/one/{CODE}/",
        f"https://user:{CODE}@example.bitrix24.com/rest/1/{CODE}/",
        f"ftp://example.bitrix24.com/rest/1/{CODE}/",
        f"https://example.bitrix24.com/rest/1/{CODE}/?x={CODE}",
        CODE,
    ],
)
def test_an_address_that_cannot_be_used(address: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        Webhook.parse(address)
    assert leaks(caught.value, SECRETS) == []


@pytest.mark.parametrize(
    "address", [f"https://[{CODE}", f"https://h:{CODE}/", f"http://{CODE}/", f"https://u:{CODE}@h/"]
)
def test_an_origin_that_cannot_be_used(address: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        origin_of(address)
    assert leaks(caught.value, SECRETS) == []


@pytest.mark.parametrize(
    "text", [f'{{"access_token": "{ACCESS}"', f'{{"access_token": "{ACCESS}\\n"}}', f'["{ACCESS}"]']
)
def test_tokens_that_cannot_be_read(text: str) -> None:
    with pytest.raises(UnreadableTokens) as caught:
        Tokens.from_json(text)
    assert leaks(caught.value, SECRETS) == []


def _raised(error: Exception, cause: Exception | None = None, context: Exception | None = None) -> Exception:
    error.__cause__, error.__context__ = cause, context
    return error


REQUEST = httpx2.Request("POST", "https://h/", headers={"Authorization": f"Bearer {ACCESS}"})
NOTED = ValueError("x")
NOTED.add_note(CODE)
NAMED = ValueError("x")
NAMED.hidden = {"deep": [CODE.encode()]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "planted",
    [
        ValueError(CODE),
        _raised(ValueError("x"), cause=ValueError(f"at /rest/1/{CODE}/")),
        _raised(ValueError("x"), context=_raised(ValueError("y"), context=ValueError(CODE.upper()))),
        ExceptionGroup("x", [ValueError(CODE)]),
        NOTED,
        NAMED,
        httpx2.ReadError("x", request=REQUEST),
        httpx2.HTTPStatusError("x", request=REQUEST, response=httpx2.Response(200, headers={"Location": CODE})),
        logging.LogRecord("x", 10, "x", 1, "%s", (CODE,), None),
        logging.LogRecord("x", 10, "x", 1, "x", (), (ValueError, ValueError(CODE), None)),
    ],
)  # fmt: skip
def test_the_search_finds_what_is_hidden(planted: object) -> None:
    assert leaks(planted, SECRETS)


async def test_the_search_would_find_what_a_careless_client_leaves() -> None:
    with listening() as records:
        async with tattler() as server, httpx2.AsyncClient() as careless:
            server.answer(sent_to(b"https://elsewhere.example{target}"))
            await careless.post(f"{server.origin}/rest/1/{CODE}/profile")

    assert leaks(records, SECRETS)
