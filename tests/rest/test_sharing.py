"""Reads that share requests: how many come over the wire, who gets what, and what one's failure does to the others."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from bitrix24_commerce.rest.errors import LimitReached, NotFound, Outcome, ServerFailure, TokenExpired
from bitrix24_commerce.rest.object_types import object_type
from bitrix24_commerce.rest.pacing import patience
from bitrix24_commerce.sandbox import limits as allowed

from tests.rest.paced import DEAL, PAYMENTS, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
ADD = "crm.item.payment.add"
OBJECT = {"entityId": DEAL, "entityTypeId": 2}


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


async def test_a_read_by_itself_goes_by_itself() -> None:
    async with paced() as client:
        for above in range(3):
            await client.payments(above)
        assert client.requests == [PAYMENTS] * 3


async def test_sixty_reads_at_once_take_half_of_a_full_bucket_at_most() -> None:
    async with paced() as client:
        await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert len(client.requests) <= 25
        assert client.requests[0] == PAYMENTS
        assert client.statuses == {200}


async def test_a_burst_of_thousands_of_reads_leaves_half_of_the_bucket_to_others() -> None:
    async with paced() as client:
        fullest = 0.0

        async def watch() -> None:
            nonlocal fullest
            while True:
                level = client.sandbox.limits.level("127.0.0.1", client.sandbox.clock.timestamp())
                fullest = max(fullest, level)
                await anyio.sleep(0.1)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            await at_once([lambda above=above: client.payments(above) for above in range(3000)])
            tasks.cancel_scope.cancel()
        assert fullest <= 25
        assert 503 not in client.statuses


async def test_the_emptier_the_bucket_the_more_reads_share_a_request() -> None:
    async with paced() as client:
        counts: list[int] = []
        for burst in range(4):
            client.sandbox.journal.entries.clear()
            await at_once([lambda above=above: client.payments(above) for above in range(burst * 60, burst * 60 + 60)])
            counts.append(len(client.requests))
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > 3 * counts[-1]


async def test_with_an_empty_bucket_fifty_reads_share_a_request() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        await at_once([lambda above=above: client.payments(above) for above in range(100)])
        assert client.requests == ["batch", "batch"]
        assert client.statuses == {200}


async def test_who_comes_while_others_wait_for_a_place_travels_along() -> None:
    async with paced() as client:
        await client.empty_the_bucket()

        async def late(above: int) -> None:
            await anyio.sleep(0.002 * above)
            await client.payments(above)

        await at_once([lambda above=above: late(above) for above in range(50)])
        assert client.requests == ["batch"]


async def test_a_self_hosted_portal_gets_a_bounded_number_of_requests_at_once() -> None:
    async with paced(rate=None) as client:
        results = await at_once([lambda above=above: client.payments(above) for above in range(500)])
        assert all(isinstance(result, list) for result in results)
        assert anyio.current_time() < 3
        assert len(client.requests) < 60


async def test_each_caller_gets_the_answer_to_its_own_question() -> None:
    async with paced() as client:
        ids = [row["id"] for row in await _rows(client.portal)]
        await client.empty_the_bucket()
        calls = [
            *[lambda row=row: client.portal.answer("crm.item.productrow.get", {"id": row}) for row in ids],
            lambda: client.portal.answer("crm.item.productrow.list", _FILTER),
            lambda: client.portal.answer("crm.deal.list", {"order": {"ID": "ASC"}, "select": ["ID"]}),
        ]
        *rows, listed, deals = await at_once(calls)
        assert client.requests == ["batch"]
        assert [row.result["productRow"]["id"] for row in rows] == ids
        assert listed.total == len(ids)
        assert deals.total != listed.total
        assert all(answer.time is not None for answer in [*rows, listed, deals])


_FILTER = {"filter": {"=ownerType": "D", "=ownerId": DEAL}}


async def _rows(portal: Any) -> list[Any]:
    return (await portal.call("crm.item.productrow.list", _FILTER))["productRows"]


READS: list[tuple[str, dict[str, Any]]] = [
    ("crm.item.productrow.list", _FILTER),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL, ">=price": 100.25}}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL}, "order": {"price": "desc"}}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL, "%productName": "a & b + ü #1%"}}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL, "@id": [1, 2, 17647]}}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D"}}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL, "%productName": "$result[call0]"}}),
    ("crm.item.productrow.list", {"filter": {"=ownerType": "D", "=ownerId": DEAL}, "order": {}}),
    ("crm.item.productrow.list", {"filter": []}),
    ("crm.item.productrow.list", {}),
    ("crm.item.productrow.get", {"id": 1}),
    ("crm.item.productrow.get", {"id": "abc"}),
    ("crm.item.productrow.get", {"id": 5.0}),
    ("crm.item.productrow.get", {"id": None}),
    ("crm.item.productrow.get", {"id": 10**30}),
    ("crm.item.productrow.get", {"id": True}),
    ("crm.item.productrow.fields", {}),
    ("crm.item.productrow.getAvailableForPayment", {"ownerType": "D", "ownerId": DEAL}),
    ("crm.item.payment.list", {"entityId": DEAL, "entityTypeId": 2}),
    ("crm.item.payment.list", {"entityId": DEAL, "entityTypeId": 2, "filter": {"paid": "Y"}}),
    ("crm.item.payment.list", {"entityId": 999999, "entityTypeId": 2}),
    ("crm.item.payment.get", {"id": 999999}),
    ("crm.item.delivery.list", {"entityId": DEAL, "entityTypeId": 2}),
    ("crm.orderentity.list", {"select": ["orderId", "ownerId"], "start": 0}),
    ("crm.orderentity.list", {"filter": {"@ownerTypeId": [2, 31]}, "order": {"orderId": "asc"}}),
    ("crm.orderentity.getFields", {}),
    ("crm.item.get", {"entityTypeId": 2, "id": DEAL}),
    ("crm.item.list", {"entityTypeId": 2, "select": ["id", "title"], "filter": {">id": 0}, "start": 0}),
    ("crm.deal.list", {"filter": {">OPPORTUNITY": 10.5}, "select": ["ID", "OPPORTUNITY"]}),
    ("salescenter.payment.getPublicUrl", {"id": 999999}),
    ("sale.paysystem.list", {}),
    ("profile", {}),
    ("scope", {"full": True}),
]


@pytest.mark.parametrize("profile", ["classic", "current"])
async def test_a_read_means_the_same_alone_and_in_company(profile: str) -> None:
    async with paced(rate=None, profile=profile) as client:
        alone = [await _outcome(client.portal, method, parameters) for method, parameters in READS]
        assert "batch" not in client.requests
        together = await at_once(
            [lambda call=call: _outcome(client.portal, *call) for call in READS],
        )
        assert "batch" in client.requests
        assert together == alone


async def _outcome(portal: Any, method: str, parameters: dict[str, Any]) -> object:
    try:
        answer = await portal.answer(method, parameters)
    except Exception as error:
        return type(error), getattr(error, "code", None), getattr(error, "description", None)
    return answer.result, answer.total, answer.next


async def test_writes_and_what_a_command_cannot_carry_stay_out_of_batches() -> None:
    async with paced() as client:
        await at_once(
            [
                *[lambda: client.portal.call(ADD, OBJECT)] * 5,
                *[lambda text=text: client.portal.call(PAYMENTS, {**OBJECT, "filter": {"accountNumber": text}})
                  for text in ("$result[call0]", "$5", None)],
            ]
        )  # fmt: skip
        assert sorted(client.requests) == [ADD] * 5 + [PAYMENTS] * 3


async def test_a_failed_command_fails_its_own_caller_only() -> None:
    async with paced() as client:
        *found, failed = await at_once(
            [
                *[lambda above=above: client.payments(above) for above in range(100)],
                lambda: client.portal.call("crm.item.payment.get", {"id": 999_999}),
            ]
        )
        assert all(isinstance(result, list) for result in found)
        assert isinstance(failed, NotFound)


@pytest.mark.parametrize("fault", ["reply_lost", "reset", "500", "html", "empty", "cut_off"])
async def test_a_lost_batch_is_sent_once_more(fault: Any) -> None:
    async with paced() as client:
        client.sandbox.faults.add(fault, "batch")
        results = await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert all(isinstance(result, list) for result in results)


async def test_what_was_too_much_for_one_request_is_sent_again_in_smaller_ones() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        client.sandbox.faults.add("500", "batch")
        results = await at_once([lambda above=above: client.payments(above) for above in range(50)])
        assert all(isinstance(result, list) for result in results)
        assert client.requests == ["batch"] * 6


@pytest.mark.parametrize("fault", ["reply_lost", "500", "cut_off"])
async def test_a_lost_single_read_is_sent_once_more(fault: Any) -> None:
    async with paced() as client:
        client.sandbox.faults.add(fault, PAYMENTS)
        assert isinstance(await client.payments(), list)
        assert client.requests == [PAYMENTS] * 2


async def test_a_command_that_the_portal_failed_to_run_is_sent_once_more() -> None:
    async with paced() as client:
        client.sandbox.faults.add("batch_part", PAYMENTS)
        results = await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert all(isinstance(result, list) for result in results)


async def test_a_read_that_stays_without_a_reply_fails_and_says_that_nothing_is_lost() -> None:
    async with paced() as client:
        client.sandbox.faults.add("500", "*", times=1000)
        results = await at_once([lambda above=above: client.payments(above) for above in range(10)])
        assert {type(result) for result in results} == {ServerFailure}
        assert {result.outcome for result in results} == {Outcome.NOT_APPLIED}
        assert len(client.requests) <= 20


async def test_a_refused_batch_is_refused_to_all_and_not_repeated() -> None:
    async with paced() as client:
        client.sandbox.faults.add("expired_token", times=1000)
        results = await at_once([lambda above=above: client.payments(above) for above in range(60)])
        assert {type(result) for result in results} == {TokenExpired}
        assert len(client.requests) <= 25


async def test_a_method_at_its_operating_limit_waits_for_itself_and_holds_up_no_other() -> None:
    async with paced(operating=480) as client:
        client.sandbox.limits.spend("webhook administrator", PAYMENTS, 600, client.sandbox.clock.timestamp())
        moments: list[float] = []

        async def item(deal: int) -> None:
            await client.portal.item(object_type("deal"), deal)
            moments.append(anyio.current_time())

        with patience(1000):
            results = await at_once(
                [
                    *[lambda deal=deal: item(deal) for deal in (DEAL, 13143, 13144)],
                    *[lambda above=above: client.payments(above) for above in range(200)],
                ]
            )
        assert len(moments) == 3
        assert max(moments) < 5
        assert all(isinstance(result, list) for result in results[3:])
        assert 500 < anyio.current_time() < 1000
        assert len(client.requests) < 500


async def test_equal_reads_are_one_and_each_caller_may_change_its_copy() -> None:
    async with paced() as client:
        client.sandbox.call(ADD, OBJECT)

        async def take_all() -> int:
            found = await client.payments()
            count = len(found)
            found.clear()
            return count

        counts = await at_once([take_all] * 20)
        assert client.requests == [PAYMENTS]
        assert set(counts) == {1}


async def test_equal_reads_one_after_the_other_are_two() -> None:
    async with paced() as client:
        await client.payments()
        await client.payments()
        assert client.requests == [PAYMENTS] * 2


async def test_a_read_after_a_write_is_never_answered_from_before_it() -> None:
    async with paced() as client:
        before = len(await client.payments())
        client.sandbox.method_seconds = {PAYMENTS: 0.1, "*": 0.0}
        client.sandbox.faults.add("delay", PAYMENTS, after=True, seconds=10)

        async def write_and_look() -> int:
            await anyio.sleep(0.5)  # The read below has been answered on the portal, but not yet here.
            await client.portal.call(ADD, OBJECT)
            return len(await client.payments())

        early, late = await at_once([client.payments, write_and_look])
        assert len(early) == before
        assert late == before + 1


async def test_a_cancelled_caller_takes_nobody_elses_read_with_it() -> None:
    async with paced() as client:

        async def give_up(above: int) -> None:
            with anyio.move_on_after(0.05):
                await client.payments(above)

        results = await at_once(
            [
                *[lambda above=above: give_up(above) for above in range(0, 60, 2)],
                *[lambda above=above: client.payments(above) for above in range(60)],
            ]
        )
        assert all(isinstance(result, list) for result in results[30:])


async def test_what_nobody_waits_for_any_more_is_not_sent_again() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        client.sandbox.faults.add("500", "batch", after=True)

        async def read(above: int) -> None:
            with anyio.move_on_after(100 if above < 10 else 3):
                await client.payments(above)

        await at_once([lambda above=above: read(above) for above in range(50)])
        assert [entry.method for entry in client.sandbox.journal.entries].count(PAYMENTS) == 50 + 10


async def test_when_all_callers_give_up_nothing_is_sent_for_them_any_more() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        with anyio.move_on_after(0.1):
            await at_once([lambda above=above: client.payments(above) for above in range(100)])
        await anyio.sleep(60)
        assert client.requests == []
        await client.payments()
        assert client.requests == [PAYMENTS]


async def test_one_callers_impatience_is_not_the_others() -> None:
    async with paced() as client:
        await client.empty_the_bucket()
        client.sandbox.faults.add("503", "batch", times=4)

        async def impatient() -> list[Any]:
            with patience(2):
                return await client.payments(1)

        results = await at_once([impatient, *[lambda above=above: client.payments(above) for above in range(2, 30)]])
        assert isinstance(results[0], LimitReached)
        assert all(isinstance(result, list) for result in results[1:])


async def test_on_an_enterprise_portal_too_no_read_is_refused() -> None:
    async with paced(rate=allowed.ENTERPRISE) as client:
        results = await at_once([lambda above=above: client.payments(above) for above in range(500)])
        assert all(isinstance(result, list) for result in results)
        assert len(client.requests) <= 125
        assert client.statuses == {200}
