"""Every documented request, sent as printed over HTTP to a portal just started, gets the documented answer."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal

pytestmark = pytest.mark.anyio

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "examples.json").read_text("utf-8"))
BY_METHOD = {example["method"]: example for example in EXAMPLES}
NEW_RECORDS = {
    "crm.item.payment.add",
    "crm.item.payment.product.add",
    "crm.item.payment.delivery.add",
}
"""Methods whose whole result is the id of what they made."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    portal = Portal()
    async with portal.serve(), httpx2.AsyncClient(base_url=portal.webhook_url(), trust_env=False) as http:
        yield http
    portal.close()


async def send(http: httpx2.AsyncClient, method: str, request: object) -> dict[str, Any]:
    answer = (await http.post(method, json=request)).json()
    assert "error" not in answer, answer
    del answer["time"]
    return answer


def documented(method: str) -> dict[str, Any]:
    return {key: value for key, value in BY_METHOD[method]["response"].items() if key != "time"}


PLAIN = sorted(
    BY_METHOD.keys()
    - NEW_RECORDS
    - {
        "crm.item.productrow.add",
        "crm.item.productrow.update",
        "crm.orderentity.add",
        "salescenter.payment.getPublicUrl",
    }
)


def test_there_are_thirty():
    assert len(BY_METHOD) == 30


@pytest.mark.parametrize("method", PLAIN)
async def test_the_answer_is_the_documented_one(http: httpx2.AsyncClient, method: str):
    assert await send(http, method, BY_METHOD[method]["request"]) == documented(method)


@pytest.mark.parametrize("method", sorted(NEW_RECORDS))
async def test_a_new_record_gets_an_id_above_all_others(http: httpx2.AsyncClient, method: str):
    first = await send(http, method, BY_METHOD[method]["request"])
    assert first.keys() == documented(method).keys()
    assert first["result"] > documented(method)["result"]


async def test_an_added_row(http: httpx2.AsyncClient):
    answer = await send(http, "crm.item.productrow.add", BY_METHOD["crm.item.productrow.add"]["request"])
    expected = documented("crm.item.productrow.add")
    new_id = answer["result"]["productRow"].pop("id")
    assert new_id > expected["result"]["productRow"].pop("id")
    assert answer == expected


async def test_an_updated_row_whose_printed_request_and_answer_name_different_ids(http: httpx2.AsyncClient):
    example = BY_METHOD["crm.item.productrow.update"]
    expected = documented("crm.item.productrow.update")
    as_printed = await send(http, "crm.item.productrow.update", example["request"])
    as_meant = await send(http, "crm.item.productrow.update", {**example["request"], "id": 17649})
    assert as_meant == expected
    assert as_printed["result"]["productRow"].pop("id") == 17648
    del expected["result"]["productRow"]["id"]
    assert as_printed == expected


async def test_a_binding_can_be_added_once_the_present_one_is_gone(http: httpx2.AsyncClient):
    request = BY_METHOD["crm.orderentity.add"]["request"]
    refused = (await http.post("crm.orderentity.add", json=request)).json()
    assert refused == BY_METHOD["crm.orderentity.add"]["error_example"]
    await send(http, "crm.orderentity.deleteByFilter", request)
    assert await send(http, "crm.orderentity.add", request) == documented("crm.orderentity.add")


async def test_a_payment_link(http: httpx2.AsyncClient):
    answer = await send(http, "salescenter.payment.getPublicUrl", {"id": 1063})
    expected = documented("salescenter.payment.getPublicUrl")["result"]["payment"]
    link = answer["result"]["payment"]
    assert link.keys() == expected.keys()
    for name in ("url", "shortUrl"):
        ours, theirs = httpx2.URL(link[name]), httpx2.URL(expected[name])
        assert len(str(ours.raw_path)) == len(str(theirs.raw_path))
        assert {key: len(value) for key, value in ours.params.items()} == {
            key: len(value) for key, value in theirs.params.items()
        }
    assert b64decode(link["qr"]).startswith(b"\x89PNG\r\n")


ERRORS: dict[str, dict[str, Any]] = {
    "crm.item.productrow.add": {"fields": {"ownerId": 13142000, "ownerType": "D"}},
    "crm.item.productrow.update": {"id": 1, "fields": {"price": 1}},
    "crm.item.productrow.get": {"id": 1},
    "crm.item.productrow.set": {"ownerType": "D", "ownerId": 13142000, "productRows": []},
    "crm.item.productrow.delete": {"id": 1},
    "crm.orderentity.add": {"fields": {"orderId": 5125, "ownerId": 6933, "ownerTypeId": 2}},
    "crm.orderentity.deleteByFilter": {"fields": {"ownerTypeId": 2}},
    "crm.item.payment.add": {"entityId": 13123000, "entityTypeId": 2},
    "salescenter.payment.getPublicUrl": {"id": 1},
    "crm.item.payment.product.add": {"paymentId": 1, "rowId": 17587, "quantity": 1},
    "crm.item.payment.product.list": {"paymentId": 1},
    "crm.item.payment.product.delete": {"id": 1},
    "crm.item.payment.product.setQuantity": {"id": 1, "quantity": 1},
    "crm.item.payment.delivery.add": {"paymentId": 1, "deliveryId": 4072},
    "crm.item.payment.delivery.list": {"paymentId": 1},
    "crm.item.payment.delivery.delete": {"id": 1},
    "crm.item.payment.delivery.setDelivery": {"id": 1, "deliveryId": 4072},
}
"""Requests that an administrator sees the documented error of."""


@pytest.mark.parametrize("method", sorted(ERRORS))
async def test_the_documented_error(http: httpx2.AsyncClient, method: str):
    response = await http.post(method, json=ERRORS[method])
    assert response.status_code == 400
    assert response.json() == BY_METHOD[method]["error_example"]


NEEDS_RIGHTS = {
    "crm.item.payment.update",
    "crm.item.payment.delete",
    "crm.item.payment.pay",
    "crm.item.payment.unpay",
}


@pytest.mark.parametrize("method", sorted(NEEDS_RIGHTS))
async def test_the_documented_error_of_a_manager_who_may_only_read(method: str):
    portal = Portal()
    async with portal.serve(), httpx2.AsyncClient(base_url=portal.webhook_url("manager"), trust_env=False) as http:
        response = await http.post(method, json=BY_METHOD[method]["request"])
    portal.close()
    assert response.json() == BY_METHOD[method]["error_example"]
