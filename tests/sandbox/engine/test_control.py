"""The portal's own controls, for whoever runs it."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from bitrix24_commerce.sandbox.clock import Clock
from bitrix24_commerce.sandbox.limits import ENTERPRISE, Rate
from inline_snapshot import snapshot

from .conftest import Caller, Connect

pytestmark = pytest.mark.anyio


async def tell(call: Caller, action: str, told: object = None) -> httpx2.Response:
    return await call.http.post(f"{call.portal.address}/sandbox/{action}", json={} if told is None else told)


async def state(call: Caller) -> Any:
    return (await call.http.get(f"{call.portal.address}/sandbox/state")).json()


async def test_the_state_shows_no_secret(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        await call.post("test.nothing")
        assert await state(call) == snapshot(
            {
                "profile": "classic",
                "scenario": "empty",
                "time": "2026-11-23T12:00:00+02:00",
                "requests": 1,
                "webhooks": ["administrator", "manager", "without_salescenter"],
                "rate": None,
                "operating": None,
                "faults": [],
            }
        )


async def test_reset_and_scenarios_fill_the_portal_anew(connect: Connect):
    async with connect(scenario="shop") as call:
        await call.result("crm.item.payment.pay", {"id": 1038})
        await tell(call, "reset")
        paid = (await call.result("crm.item.payment.get", {"id": 1038}))["paid"]
        await tell(call, "scenario", {"name": "empty"})
        assert (await call.post("crm.item.payment.get", {"id": 1038})).status_code == 400
        assert (await state(call))["scenario"] == "empty"
        assert (await tell(call, "scenario", {"name": "utopia"})).status_code == 400
        assert (await state(call))["scenario"] == "empty"
    assert paid == "N"


async def test_the_clock_is_set_and_advanced(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        assert (await tell(call, "clock", {"set": "2030-01-01T12:00:00+02:00"})).status_code == 200
        assert (await tell(call, "clock", {"advance": 3600})).json() == {"time": "2030-01-01T13:00:00+02:00"}
        assert await call.result("server.time") == "2030-01-01T13:00:00+02:00"


async def test_faults_are_added_and_cleared(connect: Connect):
    async with connect() as call:
        await tell(call, "faults", {"kind": "500", "method": "test.*", "times": 2})
        assert (await call.post("test.nothing")).status_code == 500
        assert (await state(call))["faults"] == [{"kind": "500", "method": "test.*", "times": 1}]
        await tell(call, "faults", {"clear": True})
        assert (await call.post("test.nothing")).status_code == 200
        other = {"method": "test.add", "parameters": {"fields": {"n": 9}}}
        await tell(call, "faults", {"kind": "another_user", "call": other})
        assert await call.result("test.notes") == [{"n": 9}]


async def test_limits_are_set(connect: Connect):
    async with connect() as call:
        limits = call.portal.limits
        await tell(call, "limits", {"rate": "enterprise", "operating": 480})
        assert (limits.rate, limits.operating) == (ENTERPRISE, 480)
        await tell(call, "limits", {"drain": 1, "burst": 3})
        assert (limits.rate, limits.operating) == (Rate(1, 3), 480)
        await tell(call, "limits", {"rate": "off", "operating": None})
        assert (limits.rate, limits.operating) == (None, None)


async def test_methods_are_told_how_long_they_take(connect: Connect):
    async with connect() as call:
        await tell(call, "limits", {"method_seconds": 0.25})
        assert call.portal.seconds_of("test.nothing") == 0.25
        await tell(call, "limits", {"method_seconds": {"test.add": 2, "*": 1}, "operating": 480})
        assert [call.portal.seconds_of(name) for name in ("test.add", "test.nothing")] == [2, 1]
        await tell(call, "limits", {"method_seconds": 0})
        assert (await call.post("test.nothing")).json()["time"]["duration"] < 0.25


async def test_the_addresses_of_all_webhooks_can_be_had(connect: Connect):
    async with connect() as call:
        addresses = (await tell(call, "webhooks")).json()
        names = [(await call.http.post(f"{each}profile")).json()["result"]["NAME"] for each in addresses.values()]
        assert list(addresses) == ["administrator", "manager", "without_salescenter"]
        assert names == ["Anna", "Tom", "Anna"]


@pytest.mark.parametrize(
    ("action", "told", "wrong"),
    [
        ("scenario", {}, "name"),
        ("scenario", {"name": "utopia"}, "utopia"),
        ("limits", {"rate": "infinite"}, "infinite"),
        ("limits", {"speed": 5}, "speed"),
    ],
)
async def test_a_refusal_names_what_is_wrong(connect: Connect, action: str, told: object, wrong: str):
    async with connect() as call:
        assert (await tell(call, action, told)).json() == {"error": f"Missing or unknown: {wrong}"}


async def test_an_application_is_registered_and_revoked(connect: Connect):
    async with connect() as call:
        made = (await tell(call, "applications", {"name": "till", "redirect_uri": "http://127.0.0.1:1/"})).json()
        application = call.portal.applications.find(made["client_id"])
        assert (await tell(call, "revoke", {"client_id": made["client_id"]})).json() == {"done": True}
    assert application is not None
    assert application.client_secret == made["client_secret"]


@pytest.mark.parametrize(
    ("action", "told", "status"),
    [
        ("explode", {}, 404),
        ("scenario", {}, 400),
        ("clock", {"set": "yesterday"}, 400),
        ("clock", {"set": 5}, 400),
        ("clock", {"advance": 1e300}, 400),
        ("faults", {"kind": "sunshine"}, 400),
        ("faults", {"kind": "500", "times": "often"}, 400),
        ("faults", {"kind": "500", "colour": "red"}, 400),
        ("faults", {"kind": "another_user"}, 400),
        ("faults", {"kind": "another_user", "call": {}, "times": 1}, 400),
        ("limits", {"rate": "infinite"}, 400),
        ("limits", {"drain": 1}, 400),
        ("limits", {"drain": -1, "burst": 5}, 400),
        ("limits", {"drain": 1, "burst": 0}, 400),
        ("limits", {"method_seconds": -1}, 400),
        ("limits", {"method_seconds": {"test.nothing": "long"}}, 400),
        ("limits", {"method_seconds": "nan"}, 400),
        ("applications", {"name": "x"}, 400),
        ("clock", ["set"], 400),
    ],
)
async def test_what_makes_no_sense_is_refused(connect: Connect, action: str, told: object, status: int):
    async with connect() as call:
        answer = await tell(call, action, told)
        assert (answer.status_code, "error" in answer.json()) == (status, True)
        assert (await call.post("test.nothing")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "10.0.0.1"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_other_sites_and_other_names_are_refused(connect: Connect, headers: dict[str, str]):
    async with connect() as call:
        address = f"{call.portal.address}/sandbox"
        assert (await call.http.get(f"{address}/state", headers=headers)).status_code == 403
        assert (await call.http.post(f"{address}/reset", json={}, headers=headers)).status_code == 403
        own = {"Origin": call.portal.address}
        assert (await call.http.post(f"{address}/reset", json={}, headers=own)).status_code == 200


async def test_other_computers_are_refused(connect: Connect):
    async with connect() as call:
        transport = httpx2.ASGITransport(call.portal.app, client=("192.0.2.1", 5))
        async with httpx2.AsyncClient(transport=transport, base_url=call.portal.address) as far:
            assert (await far.get("/sandbox/state")).status_code == 403
            assert (await far.post("/sandbox/reset", json={})).status_code == 403
