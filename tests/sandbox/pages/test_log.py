"""The live log of REST calls: its page, and its stream of events."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal

from .conftest import Visitor, words

pytestmark = pytest.mark.anyio


class Events:
    """A browser's `EventSource` that is read event by event."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> tuple[int, Any]:
        """Wait for an event and give its id and data."""
        with anyio.fail_after(10):
            number = int((await anext(self._lines)).removeprefix("id: "))
            data = json.loads((await anext(self._lines)).removeprefix("data: "))
            assert await anext(self._lines) == ""
        return number, data


@asynccontextmanager
async def events(visitor: Visitor, after: int = 0, **headers: str) -> AsyncGenerator[Events]:
    async with visitor.http.stream("GET", f"/log/events?after={after}", headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Events(response.aiter_lines())


async def test_the_log_shows_calls_with_arguments_answer_status_and_time(visitor: Visitor):
    await visitor.call("crm.item.payment.get", {"id": 1063})
    await visitor.call("crm.item.payment.get.json", {"id": 5})
    text = await visitor.read("/log")
    assert "crm.item.payment.get 400 0 ms 12:00:00 id: 5 By Anna Miller (webhook administrator)" in text
    assert 'Arguments { "id": 5 } Answer { "error": 0, "error_description": "Payment has not been found" }' in text
    assert text.index('"id": 5') < text.index('"accountNumber": "3689/1"'), "the newest is first"


async def test_the_root_and_every_deal_show_the_log_too(visitor: Visitor):
    await visitor.call("server.time", {})
    for path in ("/", "/crm/deal/details/13142/"):
        assert "server.time 200" in await visitor.read(path)


async def test_the_commands_of_a_batch_are_shown_one_by_one(visitor: Visitor):
    await visitor.call("batch", {"cmd": {"one": "crm.item.payment.pay?id=1063", "two": "crm.item.payment.pay?id=1"}})
    text = await visitor.read("/log")
    assert text.index("batch 200") < text.index("crm.item.payment.pay 400") < text.index("crm.item.payment.pay 200")
    assert "(webhook administrator), in a batch" in text


async def test_a_call_that_a_fault_struck_says_which(visitor: Visitor):
    visitor.portal.faults.add("reply_lost")
    with pytest.raises(httpx2.TransportError):
        await visitor.call("crm.item.payment.pay", {"id": 1063})
    assert "crm.item.payment.pay dropped" in await visitor.read("/log")
    assert "Fault: reply_lost" in await visitor.read("/log")


async def test_the_first_event_arrives_after_a_call(visitor: Visitor):
    async with events(visitor) as stream:
        await visitor.call("crm.item.payment.get", {"id": 1063})
        number, data = await stream.next()
    assert number == 1
    assert "crm.item.payment.get 200" in words(data["html"])
    assert data["changes"] is False


async def test_an_event_says_whether_records_may_have_changed(visitor: Visitor):
    async with events(visitor) as stream:
        await visitor.call("crm.item.payment.pay", {"id": 1063})
        await visitor.call("crm.item.payment.list", {"entityId": 13142, "entityTypeId": 2})
        assert [(await stream.next())[1]["changes"] for _ in range(2)] == [True, False]


async def test_who_was_away_gets_what_was_missed_and_nothing_twice(visitor: Visitor):
    for id in (1036, 1037, 1038):
        await visitor.call("crm.item.payment.get", {"id": id})
    async with events(visitor, after=1) as stream:
        assert [(await stream.next())[0] for _ in range(2)] == [2, 3]
        await visitor.call("server.time", {})
        assert (await stream.next())[0] == 4
    async with events(visitor, after=1, **{"Last-Event-ID": "3"}) as stream:
        assert (await stream.next())[0] == 4


@pytest.mark.parametrize("after", [5, 10**14, 10**40])
async def test_a_number_from_before_a_restart_starts_anew(visitor: Visitor, after: int):
    await visitor.call("server.time", {})
    async with events(visitor, after=after) as stream:
        assert (await stream.next())[0] == 1


async def test_the_stream_ends_when_the_portal_stops():
    portal = Portal(scenario="empty")
    async with httpx2.AsyncClient(trust_env=False) as http, AsyncExitStack() as serving:
        await serving.enter_async_context(portal.serve())
        async with http.stream("GET", f"{portal.address}/log/events") as response:
            lines = response.aiter_lines()
            await http.get(portal.webhook_url() + "server.time")
            assert await anext(lines) == "id: 1"
            await serving.aclose()
            assert len([line async for line in lines]) == 2
    portal.close()


async def test_the_log_keeps_secrets(visitor: Visitor):
    code = visitor.portal.webhook_url().split("/")[-2]
    for path in (f"1/{code}/", f"1/{code}", code, f"1/{code}/a/b", f"1/{code}x/profile"):
        await visitor.http.post(f"/rest/{path}", json={"auth": "a-secret-token"})
    page = (await visitor.get("/log")).text
    assert "no method" in page
    assert code not in page
    assert "a-secret-token" not in page


async def test_what_is_long_is_cut(visitor: Visitor):
    long = {"ownerId": 13142, "ownerType": "D", "productName": "x" * 19_000}
    await visitor.call("crm.item.productrow.add", {"fields": long})
    page = (await visitor.get("/log")).text
    assert "x" * 3_000 in page
    assert "x" * 4_000 not in page
    assert "…" in page


async def test_only_the_newest_calls_are_shown(visitor: Visitor):
    await visitor.call("batch", {"cmd": [f"crm.item.payment.get?id={number}" for number in range(50)]})
    await visitor.call("batch", {"cmd": [f"crm.item.payment.get?id={number}" for number in range(50, 100)]})
    page = (await visitor.get("/log")).text
    assert page.count("<summary>") == 100
    assert "id: &#34;99&#34;" in page
    assert "id: &#34;1&#34;" not in page
    assert 'data-last="102"' in page
