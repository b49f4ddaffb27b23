"""Reads that travel together: each caller gets what it would have got alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rest.paced import DEAL, at_once, paced
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
_FILTER = {"filter": {"=ownerType": "D", "=ownerId": DEAL}}


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


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
