"""The portal as a library: served in a loop, in a thread, in a process that is killed, and called by many at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal

from .conftest import Caller, Connect, until

pytestmark = pytest.mark.anyio

SERVER = """
import sys
from pathlib import Path
from bitrix24_commerce.sandbox import Portal
portal = Portal(database=Path(sys.argv[1]))
portal.run("127.0.0.1", 0, lambda portal: print(portal.webhook_url(), flush=True))
"""


async def test_it_serves_in_the_running_loop_and_again_on_another_port():
    portal = Portal()
    seen: list[str] = []
    for _ in range(2):
        async with portal.serve() as served, httpx2.AsyncClient(base_url=served.webhook_url()) as http:
            assert (await http.post("crm.item.payment.get", json={"id": 1036})).json()["result"]["paid"] == "Y"
            seen.append(portal.address)
    async with httpx2.AsyncClient() as http:
        with pytest.raises(httpx2.ConnectError):
            await http.get(seen[1])
    assert [entry.method for entry in portal.journal.entries] == ["crm.item.payment.get"] * 2
    portal.close()


def test_it_serves_in_a_thread_for_programs_without_a_loop():
    portal = Portal()
    with portal.serve_in_thread(), httpx2.Client(base_url=portal.webhook_url()) as http:
        assert http.post("crm.item.payment.pay", json={"id": 1037}).json()["result"] is True
    assert portal.call("crm.item.payment.get", {"id": 1037})["paid"] == "Y"
    portal.close()


def test_a_port_that_is_taken_is_said_so():
    first, second = Portal(scenario="empty"), Portal(scenario="empty")
    with (
        first.serve_in_thread(),
        pytest.raises(OSError, match="in use"),
        second.serve_in_thread(port=int(first.address.rpartition(":")[2])),
    ):
        pass
    first.close()
    second.close()


async def test_it_answers_in_process_as_an_asgi_application():
    portal = Portal(address="http://portal.test")
    transport = httpx2.ASGITransport(portal.app)
    async with httpx2.AsyncClient(transport=transport, base_url=portal.webhook_url()) as http:
        link = (await http.post("salescenter.payment.getPublicUrl", json={"id": 1063})).json()["result"]["payment"]
    assert link["url"].startswith("http://portal.test/")
    portal.close()


@pytest.mark.parametrize(("address", "name"), [(None, "127.0.0.1"), ("https://shop.example", "shop.example")])
async def test_its_address_is_where_it_serves_unless_told_otherwise(address: str | None, name: str):
    portal = Portal(scenario="empty", address=address)
    async with portal.serve():
        assert urlsplit(portal.webhook_url()).netloc.removesuffix(f":{urlsplit(portal.address).port}") == name
    portal.close()


def test_it_keeps_its_state_in_a_file(tmp_path: Path):
    first = Portal(database=tmp_path / "portal.db")
    payment = first.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    first.close()
    second = Portal(database=tmp_path / "portal.db", scenario="empty")
    assert second.call("crm.item.payment.get", {"id": payment})["id"] == payment
    second.reset()
    assert second.scenario == "shop"
    assert second.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2}) == payment
    second.close()


def test_a_killed_process_loses_nothing_that_was_answered(tmp_path: Path):
    database = tmp_path / "portal.db"
    command = [sys.executable, "-c", SERVER, str(database)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        answered: list[int] = []
        with process.stdout as output, httpx2.Client(base_url=output.readline().strip()) as http:
            for _ in range(20):
                answer = http.post("crm.item.payment.add", json={"entityId": 13142, "entityTypeId": 2})
                answered.append(answer.json()["result"])
    finally:
        process.kill()
        process.wait()
    portal = Portal(database=database)
    kept = portal.call("crm.item.payment.list", {"entityId": 13142, "entityTypeId": 2, "filter": {"@id": answered}})
    assert sorted(payment["id"] for payment in kept) == answered
    portal.close()


async def test_fifty_requests_at_once_leave_no_half_written_state(connect: Connect):
    deal = {"entityId": 13144, "entityTypeId": 2}
    added: list[int] = []

    async def bill(call: Caller) -> None:
        payment = await call.result("crm.item.payment.add", deal)
        await call.post("crm.item.payment.product.add", {"paymentId": payment, "rowId": 17658, "quantity": 1})
        added.append(payment)

    async with connect(scenario="shop") as call:
        async with anyio.create_task_group() as tasks:
            for _ in range(50):
                tasks.start_soon(bill, call)
        items = [
            item
            for payment in added
            for item in await call.result("crm.item.payment.product.list", {"paymentId": payment})
        ]
        left = await call.result("crm.item.productrow.getAvailableForPayment", {"ownerType": "D", "ownerId": 13144})
        numbers = [(await call.result("crm.item.payment.get", {"id": payment}))["accountNumber"] for payment in added]
    assert len(set(added)) == len(set(numbers)) == 50
    assert len({item["id"] for item in items}) == len(items) == 3
    assert 17658 not in [row["id"] for row in left["productRows"]]


async def test_who_follows_the_journal_sees_calls_as_they_come(connect: Connect):
    seen: list[Any] = []

    async def follow(call: Caller) -> None:
        async for entry in call.portal.journal.follow():
            seen.append((entry.method, entry.arguments, entry.in_batch, entry.status))

    async with anyio.create_task_group() as tasks, connect() as call:
        tasks.start_soon(follow, call)
        await anyio.wait_all_tasks_blocked()
        await call.post("test.page", {"start": 50})
        await call.post("batch", {"cmd": {"a": "test.add?fields[n]=1", "b": "no.such"}})
        await until(lambda: len(seen) == 4)
        assert call.portal.journal.entries[0].user == "Anna Miller (webhook administrator)"
    assert seen == [
        ("test.page", {"start": 50}, False, 200),
        ("test.add", {"fields": {"n": "1"}}, True, 200),
        ("no.such", {}, True, 404),
        ("batch", {"halt": None, "cmd": {"a": "test.add", "b": "no.such"}}, False, 200),
    ]


async def test_the_journal_is_bounded_and_the_ledger_optional(connect: Connect):
    async with connect(keep_ledger=False) as call:
        for start in range(0, 600, 50):
            await call.result("batch", {"cmd": ["test.nothing"] * 49})
            await call.result("test.add", {"fields": {"n": start, "text": "x" * 30_000}})
        journal = call.portal.journal
        assert len(journal.entries) == 500
        assert journal.entries[-1].number == 12 * 51
        assert journal.requests == 24
        assert all(len(repr(entry)) < 50_000 for entry in journal.entries)
        assert call.portal.ledger == []
