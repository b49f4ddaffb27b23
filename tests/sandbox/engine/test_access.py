"""Who may call what: webhooks with their users, scopes and lives (facts.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.access import ADMINISTRATOR, MANAGER
from bitrix24_commerce.sandbox.clock import Clock

from .conftest import Connect

pytestmark = pytest.mark.anyio

NOT_AUTHORISED = {"error": "NO_AUTH_FOUND", "error_description": "Wrong authorization data"}


async def test_an_unknown_webhook_is_refused(connect: Connect):
    async with connect() as call:
        code = call.portal.webhooks["administrator"].code
        for credentials in (f"1/{code}x", f"2/{code}", "1/", f"one/{code}"):
            answer = await call.http.post(f"{call.portal.address}/rest/{credentials}/profile")
            assert answer.status_code in (401, 404), credentials
        nobody = await call.http.post(f"{call.portal.address}/rest/profile")
    assert (nobody.status_code, nobody.json()) == (401, NOT_AUTHORISED)


async def test_a_removed_webhook_is_refused(connect: Connect):
    async with connect() as call:
        call.portal.webhooks.remove("administrator")
        answer = await call.post("profile")
    assert (answer.status_code, answer.json()) == (401, NOT_AUTHORISED)


async def test_a_webhook_lives_until_it_expires(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        call.portal.webhooks.add("short", MANAGER, code="s3cret", expires=clock.now() + timedelta(hours=1))
        url = call.portal.webhook_url("short")
        alive = await call.http.post(f"{url}profile")
        clock.advance(3601)
        expired = await call.http.post(f"{url}profile")
    assert alive.json()["result"]["NAME"] == "Tom"
    assert expired.json() == NOT_AUTHORISED


async def test_a_user_who_left_may_do_nothing(connect: Connect):
    async with connect() as call:
        call.portal.webhooks.add("gone", replace(ADMINISTRATOR, active=False))
        answer = await call.http.post(f"{call.portal.webhook_url('gone')}profile")
    assert answer.status_code == 403
    assert answer.json()["error"] == "INVALID_CREDENTIALS"


async def test_a_method_of_a_scope_that_was_not_granted_is_refused(connect: Connect):
    async with connect("without_salescenter") as call:
        answer = await call.post("test.empty")
    assert answer.status_code == 403
    assert answer.json() == {
        "error": "insufficient_scope",
        "error_description": "The request requires higher privileges than provided by the webhook token",
    }


async def test_any_user_scope_opens_user_current(connect: Connect):
    async with connect() as call:
        brief = call.portal.webhooks.add("brief", ADMINISTRATOR, scopes=["user_brief"])
        known = await call.http.post(f"{call.portal.webhook_url('brief')}user.current")
        call.portal.webhooks.add("none", ADMINISTRATOR, scopes=[])
        unknown = await call.http.post(f"{call.portal.webhook_url('none')}user.current")
    assert brief.scopes == ("user_brief",)
    assert "EMAIL" not in known.json()["result"]
    assert unknown.json()["error"] == "insufficient_scope"


async def test_a_manager_reads_and_changes_nothing(connect: Connect):
    async with connect("manager", scenario="shop", profile="current") as call:
        assert (await call.result("crm.item.payment.get", {"id": 1036}))["accountNumber"] == "3653/1"
        refused = await call.post("crm.item.payment.delete", {"id": 1036})
        assert (await call.result("crm.item.payment.get", {"id": 1036}))["accountNumber"] == "3653/1"
    assert (refused.status_code, refused.json()["error"]) == (400, "ACCESS_DENIED")


def test_webhooks_are_drawn_from_the_seed_and_kept_in_the_file(tmp_path: Path):
    first, same, other = Portal(scenario="empty"), Portal(scenario="empty"), Portal(scenario="empty", seed=1)
    assert first.webhook_url() == same.webhook_url() != other.webhook_url()
    names = [webhook.name for webhook in first.webhooks]
    assert len({first.webhooks[name].code for name in names}) == len(names) == 3

    kept = Portal(scenario="empty", database=tmp_path / "portal.db", seed=1)
    kept.webhooks.add("mine", MANAGER, code="chosen")
    kept.close()
    again = Portal(scenario="empty", database=tmp_path / "portal.db", seed=2)
    again.reset()
    assert again.webhook_url() == other.webhook_url()
    assert again.webhook_url("mine").endswith("/rest/2/chosen/")
    for portal in (first, same, other, again):
        portal.close()


async def test_no_secret_enters_the_journal(connect: Connect):
    async with connect(scenario="shop") as call:
        portal = call.portal
        application = portal.applications.register("till", "http://127.0.0.1:1/")
        code = portal.applications.authorize(application, ADMINISTRATOR, portal.clock.timestamp())
        asked = {"grant_type": "authorization_code", "code": code, "client_id": application.client_id}
        tokens = portal.applications.token(
            asked | {"client_secret": application.client_secret}, portal.clock.timestamp(), ""
        )
        token = tokens["access_token"]
        async with httpx2.AsyncClient(base_url=f"{portal.address}/rest/", trust_env=False) as http:
            await http.post("profile", json={"auth": token})
            await http.get(f"profile?auth={token}")
            await http.get("profile", headers={"Authorization": f"Bearer {token}"})
            await http.get("profile", params={"auth": "wrong" + token})
            await http.post("batch", json={"auth": token, "cmd": {"a": f"profile?auth={token}"}})
        await call.post("no.such.method")
        await call.post("crm.item.payment.get", {"id": "abc"})
        written = repr(list(portal.journal.entries)) + repr(portal.ledger)
        secrets = [each.code for each in portal.webhooks] + [token, tokens["refresh_token"], application.client_secret]
    assert len(portal.journal.entries) == 8
    assert [secret for secret in secrets if secret in written] == []
