"""What the authorisation server answers, and what becomes of it (facts.md §4.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import httpx2
import pytest
from bitrix24_commerce.rest import Application, AuthorizationServer
from bitrix24_commerce.rest.errors import AuthorizationFailed, Outcome, PortalError, SignInNeeded, Unreachable
from bitrix24_commerce.rest.tokens import Tokens
from inline_snapshot import snapshot

pytestmark = pytest.mark.anyio

TILL = Application("local.5f", "s3cr3t")
DOCUMENTED: dict[str, Any] = {
    "access_token": "acc3ss",
    "expires_in": 3600,
    "refresh_token": "r3fresh",
    "client_endpoint": "https://portal.bitrix24.com/rest/",
    "server_endpoint": "https://oauth.bitrix.info/rest/",
    "domain": "oauth.bitrix.info",
    "member_id": "a223c6b3710f85df22e9377d6c4f7553",
    "scope": "crm,sale",
    "status": "F",
}


def server(
    answer: Callable[[httpx2.Request], httpx2.Response], application: Application = TILL, **options: Any
) -> AuthorizationServer:
    return AuthorizationServer(application, transport=httpx2.MockTransport(answer), **options)


def says(status: int, **what: Any) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda request: httpx2.Response(status, **what)


async def test_a_code_is_exchanged_with_the_documented_request() -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json=DOCUMENTED)

    tokens = await server(answer, Application("local.5f", "s3&r3t")).exchange("c0de")

    assert (sent[0].method, str(sent[0].url)) == snapshot(
        (
            "GET",
            "https://oauth.bitrix.info/oauth/token/?grant_type=authorization_code&client_id=local.5f&client_secret=s3%26r3t&code=c0de",
        )
    )
    assert tokens == Tokens(
        "acc3ss", "r3fresh", "https://portal.bitrix24.com", DOCUMENTED["member_id"], None, "crm,sale"
    )


async def test_a_refresh_is_the_documented_request_and_tells_the_user() -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json={**DOCUMENTED, "expires": 1790585435, "user_id": 27})

    tokens = await server(answer).refresh(Tokens.granted(DOCUMENTED))

    assert str(sent[0].url) == snapshot(
        "https://oauth.bitrix.info/oauth/token/?grant_type=refresh_token&client_id=local.5f&client_secret=s3cr3t&refresh_token=r3fresh"
    )
    assert tokens.user_id == 27


@pytest.mark.parametrize("status", [200, 400, 401, 403])
@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        ("invalid_request", AuthorizationFailed, "BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET"),
        ("invalid_client", AuthorizationFailed, "BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET"),
        ("wrong_client", AuthorizationFailed, "BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET"),
        ("invalid_grant", SignInNeeded, "bitrix24-commerce-mcp login"),
        ("insufficient_scope", AuthorizationFailed, "Tick the permissions crm and salescenter"),
        ("invalid_scope", AuthorizationFailed, "Tick the permissions crm and salescenter"),
        ("PAYMENT_REQUIRED", AuthorizationFailed, "plan"),
        ("NOT_INSTALLED", AuthorizationFailed, "Install the application"),
    ],
)
async def test_the_body_decides_what_a_refusal_means(
    status: int, error: str, kind: type[AuthorizationFailed], advice: str
) -> None:
    body = {"error": error, "error_description": "Not <b>accepted</b>: secret s3cr3t &amp; code c0de"}

    with pytest.raises(AuthorizationFailed) as caught:
        await server(says(status, json=body)).exchange("c0de")

    assert type(caught.value) is kind
    assert advice in caught.value.recovery
    assert str(caught.value) == f"{error}: Not accepted: secret … & code …"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says(200, html="<html>maintenance</html>"), "answered with HTTP 200 and no JSON object"),
        (says(502), "answered with HTTP 502 and no JSON object"),
        (says(200, json=[]), "answered with HTTP 200 and no JSON object"),
        (says(302, headers={"Location": "https://elsewhere.example/oauth/token/"}), "HTTP 302 and no JSON object"),
        (says(200, json={}), "access_token is missing or malformed"),
        (says(200, json={**DOCUMENTED, "access_token": "two words"}), "access_token is missing or malformed"),
        (says(200, json={**DOCUMENTED, "refresh_token": None}), "refresh_token is missing or malformed"),
        (says(200, json={**DOCUMENTED, "client_endpoint": "http://portal.bitrix24.com/rest/"}), "must use https"),
        (says(200, json={**DOCUMENTED, "client_endpoint": None}), "must begin with https://"),
    ],
)
async def test_an_answer_without_tokens_is_none(answer: Callable[[httpx2.Request], httpx2.Response], why: str) -> None:
    asked: list[str] = []

    def counted(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return answer(request)

    with pytest.raises(Unreachable) as caught:
        await server(counted).refresh(Tokens.granted(DOCUMENTED))

    assert why in str(caught.value)
    assert caught.value.outcome is Outcome.NOT_APPLIED
    assert asked == ["oauth.bitrix.info"] * 2


@pytest.mark.parametrize("error", [httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError])
async def test_a_network_that_fails_is_named(error: type[httpx2.TransportError]) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error(f"broken at {request.url}")

    with pytest.raises(PortalError, match=r"https://oauth\.bitrix\.info (gave no answer|cannot be reached)") as caught:
        await server(answer).exchange("c0de")

    assert "s3cr3t" not in str(caught.value)


async def test_a_server_that_never_ends_its_answer_is_left() -> None:
    async def endless() -> Any:
        yield b"{"
        await anyio.sleep_forever()

    with pytest.raises(Unreachable, match="gave no answer within 0 s"):
        await server(says(200, content=endless()), patience=0).exchange("c0de")
