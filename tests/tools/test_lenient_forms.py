"""What a person or a model would reasonably write otherwise is taken, and sent in the documented form (design §3)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from ..server.clients import client_of, content_of
from ..server.scripted_portal import result
from .documented import EXAMPLES, TOOLS, documented_portal

pytestmark = pytest.mark.anyio

ROW = EXAMPLES["crm.item.productrow.add"]["response"]["result"]


Sent = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
async def sent() -> AsyncIterator[Sent]:
    """The one body that a method gets when its tool is called with these arguments, and answers so."""
    portal = documented_portal()
    async with portal.serve(), client_of(portal.webhook_url) as client:

        async def sent(method: str, arguments: dict[str, Any], answer: object = True) -> Any:
            portal.received.clear()
            portal.script[method] = result(answer)
            content_of(await client.call_tool(TOOLS[method], arguments))
            (body,) = portal.bodies(method)
            return body

        yield sent


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *((each, "D") for each in ("D", "d", "deal", "DEAL", " Deal ", 2, "2")),
        *((each, "SI") for each in ("SI", "si", "smart_invoice", "SMART_INVOICE", "smart invoice", 31, "31")),
        *((each, "T9c") for each in ("T9c", "t9C", "DYNAMIC_156", 156, "156")),
        *((each, "L") for each in ("lead", 1)),
        *((each, "Q") for each in ("quote", 7)),
    ],
)
async def test_owner_types(sent: Sent, written: object, code: str):
    method = "crm.item.productrow.getAvailableForPayment"
    body = await sent(method, {"ownerType": written, "ownerId": 1}, {"productRows": []})
    assert body == {"ownerType": code, "ownerId": 1}


@pytest.mark.parametrize(
    ("written", "id"),
    [*((each, 2) for each in (2, "2", "deal", "D")), *((each, 31) for each in (31, "31", "SI", "smart_invoice"))],
)
async def test_entity_type_ids(sent: Sent, written: object, id: int):
    body = await sent("crm.item.payment.add", {"entityTypeId": written, "entityId": "13123"}, 1033)
    assert body == {"entityTypeId": id, "entityId": 13123}


@pytest.mark.parametrize("written", [3, "3", 3.0])
async def test_whole_quantities(sent: Sent, written: object):
    arguments = {"paymentId": 1039, "rowId": "17587", "quantity": written}
    body = await sent("crm.item.payment.product.add", arguments, 1193)
    assert json.dumps(body) == '{"paymentId": 1039, "rowId": 17587, "quantity": 3}'


@pytest.mark.parametrize(
    ("written", "number"),
    [("19.99", "19.99"), (19.99, "19.99"), ("20.00", "20"), (0.1, "0.1"), (1e2, "100"), (80000, "80000")],
)
async def test_amounts(sent: Sent, written: object, number: str):
    arguments = {"ownerType": "D", "ownerId": 13142, "productName": "x", "price": written}
    body = await sent("crm.item.productrow.add", arguments, ROW)
    assert f'"price": {number}}}' in json.dumps(body)


@pytest.mark.parametrize(
    ("written", "flag"),
    [(True, "Y"), ("yes", "Y"), ("y", "Y"), ("Y", "Y"), (" YES ", "Y"), (False, "N"), ("no", "N"), ("n", "N")],
)
async def test_flags(sent: Sent, written: object, flag: str):
    body = await sent("crm.item.payment.update", {"id": 1036, "paid": written, "confirm": True})
    assert body == {"id": 1036, "fields": {"paid": flag}}


@pytest.mark.parametrize("written", [True, "true", " True "])
async def test_confirm(sent: Sent, written: object):
    assert await sent("crm.item.payment.unpay", {"id": 1036, "confirm": written}) == {"id": 1036}


async def test_objects_and_lists_as_json_in_a_string(sent: Sent):
    arguments = {"paymentId": 1039, "filter": '{"@id": [1195, 1196]}', "order": '{"id": "desc"}'}
    body = await sent("crm.item.payment.product.list", arguments, [])
    assert body == {"paymentId": 1039, "filter": {"@id": [1195, 1196]}, "order": {"id": "desc"}}

    rows = '[{"productId": "9621", "price": "99999.99"}]'
    arguments = {"ownerType": "D", "ownerId": 13143, "productRows": rows, "confirm": True}
    body = await sent("crm.item.productrow.set", arguments, {"productRows": []})
    assert body["productRows"] == [{"productId": 9621, "price": 99999.99}]

    body = await sent("crm.orderentity.list", {"select": '["orderId"]'}, {"orderEntity": []})
    assert body == {"select": ["orderId"]}


@pytest.mark.parametrize(
    ("written", "sent_as"),
    [
        ({"discountRate": 20}, {"discountRate": 20, "discountTypeId": 2}),
        ({"discountSum": 5.5}, {"discountSum": 5.5, "discountTypeId": 1}),
        ({"discountRate": 0}, {"discountRate": 0, "discountTypeId": 2}),
        ({"discountTypeId": "1", "discountSum": 5}, {"discountTypeId": 1, "discountSum": 5}),
        ({"discountTypeId": 1, "discountSum": 5, "discountRate": 7}, None),
    ],
)
async def test_a_discount_gets_the_type_that_alone_can_be_meant(
    sent: Sent, written: dict[str, Any], sent_as: dict[str, Any] | None
):
    body = await sent("crm.item.productrow.update", {"id": 17649, **written}, ROW)
    assert body == {"id": 17649, "fields": sent_as or written}


async def test_no_tax_is_not_the_same_as_none_given(sent: Sent):
    assert await sent("crm.item.productrow.update", {"id": 17649, "taxRate": None}, ROW) == {
        "id": 17649,
        "fields": {"taxRate": None},
    }


async def test_null_for_what_may_be_left_out_is_left_out(sent: Sent):
    nothing = {"filter": None, "order": None}
    assert await sent("crm.item.payment.product.list", {"paymentId": 1039, **nothing}, []) == {"paymentId": 1039}
