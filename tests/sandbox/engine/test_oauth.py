"""OAuth 2.0: a person lets an application in, which gets tokens that expire and rotate (facts.md §4.2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.applications import Application
from bitrix24_commerce.sandbox.clock import Clock
from inline_snapshot import snapshot

from .conftest import Caller, Connect

pytestmark = pytest.mark.anyio

ALLOW = {"decision": "allow", "user": "1"}


class Till:
    """An application and what it does with the portal."""

    def __init__(self, call: Caller, **options: Any) -> None:
        self.portal = call.portal
        self.http = call.http
        self.application: Application = call.portal.applications.register(
            "till", "http://127.0.0.1:9/back?x=1", **options
        )

    async def decide(self, form: dict[str, str], state: str = "s&1", **headers: str) -> httpx2.Response:
        query = {"client_id": self.application.client_id, "state": state}
        return await self.http.post(f"{self.portal.address}/oauth/authorize/", params=query, data=form, headers=headers)

    async def code(self) -> str:
        return parse_qs(urlsplit((await self.decide(ALLOW)).headers["location"]).query)["code"][0]

    async def token(self, **parameters: str) -> Any:
        client = {"client_id": self.application.client_id, "client_secret": self.application.client_secret}
        answer = await self.http.get(f"{self.portal.address}/oauth/token/", params=client | parameters)
        return answer.json()

    async def let_in(self) -> Any:
        return await self.token(grant_type="authorization_code", code=await self.code())

    async def refresh(self, tokens: Any) -> Any:
        return await self.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    async def call(self, token: str, method: str = "profile") -> httpx2.Response:
        return await self.http.post(f"{self.portal.address}/rest/{method}", json={"auth": token})


async def test_a_person_allows_and_the_application_gets_a_code(connect: Connect):
    async with connect() as call:
        till = Till(call, scopes=["crm", "sale"])
        page = await call.http.get(f"{call.portal.address}/oauth/authorize/?client_id={till.application.client_id}")
        answer = await till.decide(ALLOW)
    assert page.status_code == 200
    assert "Let till in?" in page.text
    assert "crm, sale" in page.text
    assert answer.status_code == 302
    back = urlsplit(answer.headers["location"])
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    host = call.portal.address.removeprefix("http://")
    assert (back.netloc, back.path, query.pop("x")) == ("127.0.0.1:9", "/back", "1")
    assert len(query.pop("code")) > 30
    assert len(query.pop("member_id")) == 32
    assert query == {"state": "s&1", "domain": host, "scope": "crm,sale", "server_domain": host}


async def test_a_code_gives_tokens_that_act_for_the_user(connect: Connect):
    async with connect() as call:
        till = Till(call)
        tokens = await till.let_in()
        answers = [
            await till.call(tokens["access_token"]),
            await call.http.get(f"{call.portal.address}/rest/profile.json?auth={tokens['access_token']}"),
            await call.http.get(
                f"{call.portal.address}/rest/profile", headers={"Authorization": f"bearer {tokens['access_token']}"}
            ),
        ]
        info = (await till.call(tokens["access_token"], "app.info")).json()["result"]
    assert [answer.json()["result"]["NAME"] for answer in answers] == ["Anna"] * 3
    assert (info["CODE"], info["STATUS"]) == (till.application.client_id, "L")
    assert list(tokens) == snapshot(
        [
            "access_token",
            "expires_in",
            "refresh_token",
            "client_endpoint",
            "server_endpoint",
            "domain",
            "member_id",
            "scope",
            "status",
        ]
    )
    assert (tokens["expires_in"], tokens["client_endpoint"]) == (3600, f"{call.portal.address}/rest/")


@pytest.mark.parametrize(
    "form", [{"decision": "refuse", "user": "1"}, {"user": "1"}, {"decision": "allow", "user": "99"}, {}]
)
async def test_a_refusal_is_shown_and_nobody_is_sent_back(connect: Connect, form: dict[str, str]):
    async with connect() as call:
        answer = await Till(call).decide(form)
    assert answer.status_code == 200
    assert "Refused" in answer.text


async def test_the_page_escapes_names_and_hears_no_other_site(connect: Connect):
    async with connect() as call:
        application = call.portal.applications.register("<b>evil</b>", "http://127.0.0.1:9/")
        address = f"{call.portal.address}/oauth/authorize/?client_id={application.client_id}"
        page = await call.http.get(address)
        foreign = [
            await call.http.post(address, data=ALLOW, headers={"Origin": origin})
            for origin in ("https://evil.example", "null", "")
        ]
        own = await call.http.post(address, data=ALLOW, headers={"Origin": call.portal.address})
        unknown = await call.http.get(f"{call.portal.address}/oauth/authorize/?client_id=x")
    assert "<b>evil" not in page.text
    assert [answer.status_code for answer in foreign] == [403] * 3
    assert (own.status_code, unknown.status_code) == (302, 404)


async def test_a_code_serves_once_and_for_thirty_seconds(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        till = Till(call)
        code = await till.code()
        assert "access_token" in await till.token(grant_type="authorization_code", code=code)
        again = await till.token(grant_type="authorization_code", code=code)
        late = await till.code()
        clock.advance(30)
        expired = await till.token(grant_type="authorization_code", code=late)
    assert (again["error"], expired["error"]) == ("invalid_grant", "invalid_grant")


async def test_an_access_token_expires_and_is_refreshed(connect: Connect, clock: Clock):
    async with connect(clock=clock, token_seconds=60) as call:
        till = Till(call)
        tokens = await till.let_in()
        clock.advance(60)
        expired = await till.call(tokens["access_token"])
        fresh = await till.refresh(tokens)
        answer = await till.call(fresh["access_token"])
    assert (expired.status_code, expired.json()) == (
        401,
        {"error": "expired_token", "error_description": "The access token provided has expired"},
    )
    assert answer.status_code == 200
    assert fresh["refresh_token"] != tokens["refresh_token"]
    assert (fresh["expires"], fresh["user_id"]) == (int(clock.timestamp()) + 60, 1)


async def test_a_refresh_token_serves_once_and_for_180_days(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        till = Till(call)
        tokens = await till.let_in()
        fresh = await till.refresh(tokens)
        again = await till.refresh(tokens)
        clock.advance(180 * 24 * 3600)
        late = await till.refresh(fresh)
    assert (again["error"], late["error"]) == ("invalid_grant", "invalid_grant")


async def test_the_token_endpoint_says_what_is_wrong(connect: Connect):
    async with connect() as call:
        till = Till(call)
        other = Till(call)
        tokens = await till.let_in()
        answers = [
            await till.token(grant_type="password"),
            await till.token(),
            await till.token(grant_type="refresh_token", client_id="x", refresh_token=tokens["refresh_token"]),
            await till.token(grant_type="refresh_token", client_secret="x", refresh_token=tokens["refresh_token"]),
            await other.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]),
            await till.token(grant_type="refresh_token", refresh_token=tokens["access_token"]),
            await till.token(grant_type="authorization_code", code=tokens["refresh_token"]),
        ]
        assert "access_token" in await till.refresh(tokens)
    assert [answer["error"] for answer in answers] == [
        "invalid_request",
        "invalid_request",
        "invalid_client",
        "invalid_client",
        "invalid_grant",
        "invalid_grant",
        "invalid_grant",
    ]


async def test_a_revoked_application_has_to_be_let_in_again(connect: Connect):
    async with connect() as call:
        till = Till(call)
        tokens = await till.let_in()
        call.portal.applications.revoke(till.application.client_id)
        assert (await till.call(tokens["access_token"])).json()["error"] == "NO_AUTH_FOUND"
        assert (await till.refresh(tokens))["error"] == "invalid_grant"
        assert (await till.call((await till.let_in())["access_token"])).status_code == 200


async def test_an_application_uses_only_its_scopes(connect: Connect):
    async with connect() as call:
        till = Till(call, scopes=["crm"])
        answer = await till.call((await till.let_in())["access_token"], "test.empty")
    assert answer.json() == {
        "error": "insufficient_scope",
        "error_description": "The request requires higher privileges than provided by the access token",
    }


async def test_tokens_outlive_the_process_and_never_repeat(connect: Connect, tmp_path: Path):
    async with connect(database=tmp_path / "portal.db") as call:
        till = Till(call)
        tokens = await till.let_in()
    async with connect(database=tmp_path / "portal.db") as call:
        assert (
            await call.http.get(f"{call.portal.address}/rest/profile?auth={tokens['access_token']}")
        ).status_code == 200
        till.portal, till.http = call.portal, call.http
        fresh = await till.refresh(tokens)
        assert (await till.refresh(tokens))["error"] == "invalid_grant"
    assert len({*tokens.values(), fresh["access_token"], fresh["refresh_token"]}) == len(tokens) + 1 + 1 - 1
    reopened = Portal(database=tmp_path / "portal.db")
    assert reopened.applications.member_id == tokens["member_id"]
    reopened.close()
