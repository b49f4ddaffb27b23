"""What is read back after a lost reply, and what it proves."""

from __future__ import annotations

from typing import Any

import pytest
from bitrix24_commerce.rest.errors import NotCarriedOut, OutcomeUnknown, Refusal
from bitrix24_commerce.rest.settling import ReadBack
from inline_snapshot import snapshot

from tests.rest.settled import Settled, settled
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio
ADD, PAY, GET = "crm.item.payment.add", "crm.item.payment.pay", "crm.item.payment.get"
DEAL = {"entityId": 13141, "entityTypeId": 2}
"""A deal with one payment, 1041, which is unpaid."""


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("crm.item.productrow.update", {"id": 17622, "fields": {"price": 75000, "sort": 30}}),
        ("crm.item.productrow.set", {"ownerType": "D", "ownerId": 13143, "productRows": [{"productId": 9621}]}),
        ("crm.item.productrow.delete", {"id": 17622}),
        ("crm.orderentity.add", {"fields": {"orderId": 3659, "ownerId": 6933, "ownerTypeId": 2}}),
        ("crm.orderentity.deleteByFilter", {"fields": {"orderId": 3659, "ownerId": 13141, "ownerTypeId": 2}}),
        ("crm.item.payment.update", {"id": 1041, "fields": {"paySystemId": 110}}),
        ("crm.item.payment.delete", {"id": 1041}),
        ("crm.item.payment.delivery.add", {"paymentId": 1039, "deliveryId": 4072}),
    ],
)
async def test_what_is_found_out_has_the_shape_of_the_methods_own_answer(
    method: str, parameters: dict[str, Any]
) -> None:
    async with settled() as client, settled() as undisturbed:
        client.sandbox.faults.add("reply_lost", method)
        assert await client.portal.answer(method, parameters) == ReadBack(
            await undisturbed.portal.call(method, parameters)
        )
        assert len(client.carried(method)) == 1


async def test_an_items_outcome_is_read_from_the_payment_that_was_seen_to_hold_it() -> None:
    method = "crm.item.payment.product.setQuantity"
    async with settled() as client:
        payment = client.another_user(ADD, DEAL)
        item = client.another_user(
            "crm.item.payment.product.add", {"paymentId": payment, "rowId": 17622, "quantity": 1}
        )
        client.sandbox.faults.add("reply_lost", method, times=2)
        with pytest.raises(OutcomeUnknown, match="what was there before it is not known"):
            await client.portal.call(method, {"id": item, "quantity": 2})
        await client.portal.payment_products(payment)
        assert await client.portal.answer(method, {"id": item, "quantity": 3}) == ReadBack(True)
        assert len(client.carried(method)) == 2


def at_the_next_look(client: Settled, write: str, rival: str, parameters: dict[str, Any]) -> None:
    """Let somebody else write after ours has come to the portal, and before the client looks what became of it."""
    faults = client.sandbox.faults

    def look_out() -> None:
        faults.add("another_user", "*.[gl]*", action=lambda: client.another_user(rival, parameters))

    faults.add("another_user", write, action=look_out)


async def test_a_deleted_record_hides_what_became_of_a_change() -> None:
    async with settled() as client:
        at_the_next_look(client, PAY, "crm.item.payment.delete", {"id": 1041})
        client.sandbox.faults.add("500", PAY)
        with pytest.raises(OutcomeUnknown) as failure:
            await client.portal.call(PAY, {"id": 1041})
        assert "payment 1041 is not there any more" in str(failure.value)
        assert client.carried(PAY) == []


async def test_an_unbound_order_hides_what_became_of_its_first_payment() -> None:
    async with settled() as client:
        binding = {"orderId": 3661, "ownerId": 13142, "ownerTypeId": 2}
        at_the_next_look(client, ADD, "crm.orderentity.deleteByFilter", {"fields": binding})
        client.sandbox.faults.add("500", ADD, after=True)
        with pytest.raises(OutcomeUnknown, match="what was there has changed meanwhile"):
            await client.portal.call(ADD, {"entityId": 13142, "entityTypeId": 2})
        assert len(client.carried(ADD)) == 1


async def test_a_row_that_was_deleted_hides_what_became_of_its_payment_item() -> None:
    method = "crm.item.payment.product.add"
    async with settled() as client:
        at_the_next_look(client, method, "crm.item.productrow.delete", {"id": 17540})
        client.sandbox.faults.add("500", method, after=True)
        with pytest.raises(OutcomeUnknown, match="may have taken it along"):
            await client.portal.call(method, {"paymentId": 1037, "rowId": 17540, "quantity": 1})
        assert len(client.carried(method)) == 1


async def test_what_was_as_asked_before_and_has_been_changed_otherwise_proves_nothing() -> None:
    async with settled() as client:
        client.another_user(PAY, {"id": 1041})
        at_the_next_look(client, PAY, "crm.item.payment.update", {"id": 1041, "fields": {"paySystemId": 110}})
        client.sandbox.faults.add("reset", PAY)
        with pytest.raises(OutcomeUnknown, match="paySystemId, paySystemName"):
            await client.portal.call(PAY, {"id": 1041})


async def test_a_record_that_changed_after_its_deletion_was_agreed_to_is_not_deleted_again() -> None:
    method = "crm.item.payment.delete"
    async with settled() as client:
        at_the_next_look(client, method, "crm.item.payment.update", {"id": 1041, "fields": {"paySystemId": 110}})
        client.sandbox.faults.add("500", method)
        with pytest.raises(NotCarriedOut) as failure:
            await client.portal.call(method, {"id": 1041})
        assert failure.value.recovery == snapshot("The record was changed meanwhile: read it and decide anew.")
        assert client.exists(GET, 1041)


async def test_a_record_that_never_was_is_not_said_to_be_deleted() -> None:
    method = "crm.item.payment.delete"
    async with settled() as client:
        client.sandbox.faults.add("500", method)
        with pytest.raises(Refusal, match="Payment has not been found"):
            await client.portal.call(method, {"id": 999999})
