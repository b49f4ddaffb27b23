"""What goes wrong on demand, as a client meets it, and what the portal did meanwhile."""

from __future__ import annotations

from typing import Any

import anyio
import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.broken_answers import ConnectionDropped
from bitrix24_commerce.sandbox.clock import Clock
from bitrix24_commerce.sandbox.faults import KINDS, Fault, Kind

from .conftest import Caller, Connect, until

pytestmark = pytest.mark.anyio


async def add(call: Caller, n: int = 1) -> httpx2.Response:
    return await call.post("test.add", {"fields": {"n": n}})


async def test_a_lost_reply_is_a_write_without_an_answer(connect: Connect):
    async with connect() as call:
        call.portal.faults.add("reply_lost", "test.add")
        with pytest.raises(httpx2.RemoteProtocolError, match="disconnected without sending a response"):
            await add(call)
        assert await call.result("test.notes") == [{"n": 1}]
        assert [(each.method, each.parameters, each.result) for each in call.portal.ledger] == [
            ("test.add", {"fields": {"n": 1}}, 1)
        ]
        entry = call.portal.journal.entries[0]
    assert (entry.method, entry.status, entry.answer, entry.fault) == ("test.add", None, "", "reply_lost")


async def test_a_reset_connection_carries_nothing_out(connect: Connect):
    async with connect() as call:
        call.portal.faults.add("reset", "test.*")
        with pytest.raises(httpx2.ReadError):
            await add(call)
        assert await call.result("test.notes") == []


@pytest.mark.parametrize(
    ("kind", "after", "status", "body", "carried_out"),
    [
        ("503", False, 503, b'{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}', 0),
        ("429", True, 429, b'{"error":"OPERATION_TIME_LIMIT","error_description":"Method is blocked', 0),
        ("500", False, 500, b'{"error":"INTERNAL_SERVER_ERROR","error_description":"Internal server error"}', 0),
        ("500", True, 500, b'{"error":"INTERNAL_SERVER_ERROR","error_description":"Internal server error"}', 1),
        ("html", False, 200, b"<!DOCTYPE html>", 0),
        ("html", True, 200, b"<!DOCTYPE html>", 1),
        ("empty", False, 200, b"", 0),
        ("empty", True, 200, b"", 1),
        ("cut_off", False, 200, b'{"result":1,"time":{', 1),
        ("expired_token", False, 401, b'{"error":"expired_token","error_description":"The access token', 0),
    ],
)
async def test_answers_that_are_none(
    connect: Connect, kind: Kind, after: bool, status: int, body: bytes, carried_out: int
):
    async with connect() as call:
        call.portal.faults.add(kind, "test.add", after=after)
        answer = await add(call)
        kept = await call.result("test.notes")
    assert answer.status_code == status
    assert answer.content.startswith(body)
    assert len(answer.content) > 0 or kind == "empty"
    assert len(kept) == len(call.portal.ledger) == carried_out
    if kind == "cut_off":
        with pytest.raises(ValueError, match="line 1 column"):
            answer.json()


async def test_a_redirect_leads_to_the_same_portal_under_another_name(connect: Connect):
    async with connect() as call:
        call.portal.faults.add("redirect", times=100)
        first = await add(call)
        second = await call.http.post(first.headers["location"], json={"fields": {"n": 2}})
        notes = call.portal.call("test.notes")
    assert first.status_code == 302
    assert first.headers["location"].startswith("http://localhost:")
    assert (second.status_code, notes) == (200, [{"n": 2}])


@pytest.mark.parametrize(("after", "carried_out"), [(False, 0), (True, 1)])
async def test_a_delay_lasts_by_the_portals_clock(connect: Connect, clock: Clock, after: bool, carried_out: int):
    async with connect(clock=clock) as call, anyio.create_task_group() as tasks:
        call.portal.faults.add("delay", "test.add", seconds=60, after=after)
        tasks.start_soon(add, call)
        await until(lambda: clock.next_wake is not None)
        assert len(await call.result("test.notes")) == carried_out
        clock.advance(60)


async def test_a_call_whose_caller_gave_up_is_carried_out_all_the_same(connect: Connect, clock: Clock):
    async with connect(clock=clock) as call:
        call.portal.faults.add("delay", "test.add", seconds=60)
        with pytest.raises(httpx2.ReadTimeout):
            await call.http.post("test.add", json={"fields": {"n": 1}}, timeout=httpx2.Timeout(5, read=0.05))
        clock.advance(60)
        await until(lambda: call.portal.ledger)


@pytest.mark.parametrize(("after", "seen"), [(False, [{"n": 9}, {"n": 1}]), (True, [{"n": 1}, {"n": 9}])])
async def test_another_user_acts_before_or_after_a_call(connect: Connect, after: bool, seen: list[Any]):
    async with connect() as call:
        portal = call.portal
        portal.faults.add(
            "another_user", "test.add", after=after, action=lambda: portal.call("test.add", {"fields": {"n": 9}})
        )
        assert (await add(call)).json()["result"] == (1 if after else 2)
        assert await call.result("test.notes") == seen
        assert {each.parameters["fields"]["n"]: each.by for each in portal.ledger} == {
            1: "webhook administrator",
            9: "another user",
        }


async def test_another_user_and_a_lost_reply_may_strike_the_same_call(connect: Connect):
    async with connect() as call:
        portal = call.portal
        refused = {"fields": {"refuse": True}}
        portal.faults.add("another_user", action=lambda: portal.call("test.add", refused))
        portal.faults.add("reply_lost")
        with pytest.raises(httpx2.RemoteProtocolError):
            await add(call)
        assert await call.result("test.notes") == [{"n": 1}]


async def test_a_part_of_a_batch_fails(connect: Connect):
    async with connect() as call:
        call.portal.faults.add("batch_part", "test.add", times=2)
        outcome = await call.result("batch", {"cmd": {str(n): f"test.add?fields[n]={n}" for n in range(1, 5)}})
        assert await call.result("test.notes") == [{"n": "3"}, {"n": "4"}]
    assert outcome["result"] == {"3": 1, "4": 2}
    assert {each["error"] for each in outcome["result_error"].values()} == {"INTERNAL_SERVER_ERROR"}


async def test_faults_are_counted_and_cleared(connect: Connect):
    async with connect() as call:
        call.portal.faults.add("503", "TEST.add", times=2)
        assert [(await add(call)).status_code for _ in range(3)] == [503, 503, 200]
        call.portal.faults.add("500", times=100)
        call.portal.faults.clear()
        assert (await add(call)).status_code == 200
        assert (await call.post("test.notes")).status_code == 200


async def test_a_run_with_faults_can_be_repeated(connect: Connect):
    async def run(seed: int) -> list[int]:
        async with connect(seed=seed, faults=[Fault.parse("503:test.*:0.3"), Fault.parse("500+after:*:0.2")]) as call:
            return [(await add(call)).status_code for _ in range(40)]

    first = await run(7)
    assert set(first) == {200, 500, 503}
    assert first == await run(7) != await run(8)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("reset", Fault("reset", times=1)),
        ("503:*:3", Fault("503", times=3)),
        ("500+after:crm.item.payment.*", Fault("500", "crm.item.payment.*", times=1, after=True)),
        ("reply_lost:crm.*:0.05", Fault("reply_lost", "crm.*", times=None, probability=0.05)),
    ],
)
def test_a_fault_can_be_written_in_a_line(text: str, fault: Fault):
    assert Fault.parse(text) == fault


def test_an_unknown_fault_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match=r"no such fault: sunshine .*reply_lost"):
        Fault.parse("sunshine")
    assert len(KINDS) == 13


async def test_without_a_connection_the_drop_is_an_exception():
    portal = Portal(scenario="empty")
    portal.faults.add("reset")
    transport = httpx2.ASGITransport(portal.app)
    async with httpx2.AsyncClient(transport=transport, base_url=portal.webhook_url()) as http:
        with pytest.raises(ConnectionDropped):
            await http.post("test.nothing")
        assert (await http.post("test.nothing")).json()["result"] is None
    portal.close()
