"""What stands around a result or an error, in both generations of the API (facts.md §1.2, §2.1)."""

from __future__ import annotations

import logging

import pytest
from bitrix24_commerce.sandbox.clock import Clock
from inline_snapshot import snapshot

from .conftest import Connect

pytestmark = pytest.mark.anyio


async def test_a_result_in_the_classic_profile(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        answer = await call("test.nothing")
    assert answer == snapshot(
        {
            "result": None,
            "time": {
                "start": 1795428000.0,
                "finish": 1795428000.0,
                "duration": 0.0,
                "processing": 0.0,
                "date_start": "2026-11-23T12:00:00+02:00",
                "date_finish": "2026-11-23T12:00:00+02:00",
            },
        }
    )


async def test_the_current_profile_accounts_for_operating_time(connect: Connect, clock: Clock):
    async with connect(clock=clock, profile="current") as call:
        time = (await call("test.nothing"))["time"]
    assert (time["operating"], time["operating_reset_at"]) == (0, 1795428600)


async def test_pages_carry_total_and_next_beside_the_result(connect: Connect):
    async with connect() as call:
        first, last, uncounted = [await call("test.page", {"start": start}) for start in (0, 100, -1)]
    assert (first["result"], first["next"], first["total"]) == ([0], 50, 120)
    assert ("next" in last, last["total"]) == (False, 120)
    assert uncounted.keys() == {"result", "time"}


async def test_an_empty_map_is_an_empty_list(connect: Connect):
    async with connect() as call:
        assert await call.result("test.empty") == {"map": [], "deeper": [{"map": []}]}


async def test_slashes_and_tags_are_escaped_as_php_does(connect: Connect):
    async with connect() as call:
        answer = await call.post("test.types", {"id": 1, "name": "3653/1 <b> & 'c' ü"})
    assert r'"name":"3653\/1 \u003Cb\u003E \u0026 \u0027c\u0027 ü"' in answer.text


@pytest.mark.parametrize(
    ("profile", "method", "code"),
    [
        ("classic", "test.types", 100),
        ("classic", "crm.orderentity.test", "100"),
        ("current", "test.types", "100"),
        ("current", "crm.orderentity.test", "100"),
    ],
)
async def test_codes_of_digits_by_profile(connect: Connect, profile: str, method: str, code: object):
    async with connect(profile=profile) as call:
        answer = await call(method)
    assert answer == {"error": code, "error_description": "Could not find value for parameter {id}"}


async def test_a_refused_call_changes_nothing(connect: Connect):
    async with connect() as call:
        refused = await call.post("test.add", {"fields": {"refuse": True}})
        assert (refused.status_code, refused.json()) == (400, {"error": 0, "error_description": "Refused"})
        assert await call.result("test.notes") == []


async def test_a_mistake_in_a_method_is_a_system_error_and_changes_nothing(
    connect: Connect, caplog: pytest.LogCaptureFixture
):
    async with connect() as call:
        broken = await call.post("test.add", {"fields": {"crash": True}})
        assert await call.result("test.notes") == []
    assert broken.status_code == 500
    assert broken.json() == {"error": "INTERNAL_SERVER_ERROR", "error_description": "Internal server error"}
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_the_methods_about_the_portal(connect: Connect, clock: Clock):
    async with connect("without_salescenter", clock=clock) as call:
        assert await call.result("profile") == snapshot(
            {
                "ID": "1",
                "ADMIN": True,
                "NAME": "Anna",
                "LAST_NAME": "Miller",
                "PERSONAL_GENDER": "",
                "TIME_ZONE": "",
            }
        )
        assert (await call.result("user.current"))["EMAIL"] == "anna.miller@shop.example"
        assert await call.result("server.time") == "2026-11-23T12:00:00+02:00"
        assert set(await call.result("scope", {"full": True})) - set(await call.result("scope")) == {"salescenter"}
        listed = await call.result("methods")
        assert "batch" in listed
        assert "test.empty" not in listed
        assert "test.empty" in await call.result("methods", {"full": True})
        known = {"isExisting": True, "isAvailable": True}
        unknown = {"isExisting": False, "isAvailable": False}
        assert await call.result("method.get", {"name": "server.time"}) == known
        assert await call.result("method.get", {"name": "test.empty"}) == known | {"isAvailable": False}
        assert await call.result("method.get", {"name": "no.such"}) == unknown
        assert await call.result("method.get", {"name": "Server.Time"}) == unknown
        assert (await call.post("app.info")).status_code == 403
