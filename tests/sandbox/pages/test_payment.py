"""The customer's page behind a payment link."""

from __future__ import annotations

import base64
import re

import pytest

from .conftest import Visitor

pytestmark = pytest.mark.anyio

UNPAID = 1065
"""The payment of invoice 2002: a printer for 1,290.00 USD."""


async def state_of(visitor: Visitor, payment: int) -> tuple[str, str | None]:
    found = await visitor.call("crm.item.payment.get", {"id": payment})
    return found["paid"], found["datePaid"]


async def test_it_shows_what_is_to_be_paid_and_its_qr_code(visitor: Visitor):
    given = await visitor.call("salescenter.payment.getPublicUrl", {"id": UNPAID})
    page = (await visitor.get(await visitor.link(UNPAID))).text
    text = await visitor.read(await visitor.link(UNPAID))
    assert "Payment 3691/1 1,290.00 USD Pay 1,290.00 USD with Bank transfer" in text
    assert "Item Quantity Price Printer, A3 colour 1 1,290.00" in text
    (image,) = re.findall(r'src="data:image/png;base64,([^"]*)"', page)
    assert image == given["payment"]["qr"]
    assert base64.b64decode(image).startswith(b"\x89PNG")
    assert f'alt="QR code of {given["payment"]["shortUrl"]}"' in page
    assert given["payment"]["shortUrl"] in text


async def test_the_short_link_leads_to_it(visitor: Visitor):
    given = await visitor.call("salescenter.payment.getPublicUrl", {"id": UNPAID})
    response = await visitor.get(given["payment"]["shortUrl"], 302)
    assert visitor.portal.address + response.headers["location"] == given["payment"]["url"]
    assert "No such payment" in await visitor.read("/~none0", 404)


async def test_paying_makes_the_deal_show_it_paid_and_the_log_tell_of_it(visitor: Visitor):
    link = await visitor.link(UNPAID)
    assert "Pay 1,290.00 USD" in await visitor.read(link)
    response = await visitor.http.post(link)
    assert (response.status_code, response.headers["location"]) == (303, link)
    assert await state_of(visitor, UNPAID) == ("Y", "2026-11-23T12:00:00+02:00")
    text = await visitor.read(link)
    assert "Paid 23 Nov 2026, 12:00 . Thank you." in text
    assert "Pay 1,290.00 USD" not in text
    invoice = await visitor.read("/crm/type/31/details/2002/")
    assert "Paid 1,290.00 USD" in invoice
    told = f'By the customer Arguments {{ "orderId": 3691, "paymentId": {UNPAID} }} salescenter'
    assert f"payment page 303 0 ms 12:00:00 orderId: 3691, paymentId: {UNPAID} {told}" in invoice


async def test_nobody_is_named_as_the_one_who_set_it_paid(visitor: Visitor):
    await visitor.http.post(await visitor.link(UNPAID))
    assert (await visitor.call("crm.item.payment.get", {"id": UNPAID}))["empPaidId"] is None


async def test_paying_twice_is_harmless(visitor: Visitor):
    link = await visitor.link(UNPAID)
    await visitor.http.post(link)
    visitor.portal.clock.advance(3600)
    response = await visitor.http.post(link)
    assert response.status_code == 303
    assert await state_of(visitor, UNPAID) == ("Y", "2026-11-23T12:00:00+02:00")


async def test_without_the_right_access_there_is_no_payment_and_nothing_is_paid(visitor: Visitor):
    link, other = await visitor.link(UNPAID), await visitor.link(1064)
    access, other_access = (each.split("access=")[1].split("&")[0] for each in (link, other))
    wrong = [
        link.replace(access, "0" * 32),
        link.replace(access, other_access),
        link.replace(access, ""),
        link.replace("orderId=3691", "orderId=3690"),
        link.replace(f"paymentId={UNPAID}", f"paymentId={10**30}"),
        link.replace(f"paymentId={UNPAID}", "paymentId=x"),
        link.partition("?")[0],
    ]
    for address in wrong:
        assert "No such payment" in await visitor.read(address, 404)
        assert (await visitor.http.post(address)).status_code == 404
    assert await state_of(visitor, UNPAID) == ("N", None)


async def test_a_payment_of_a_canceled_order_is_refused_in_words(visitor: Visitor):
    visitor.portal.store.update("sale_order", 3691, canceled="Y")
    response = await visitor.http.post(await visitor.link(UNPAID))
    assert response.status_code == 409
    assert "This cannot be paid: The order is canceled." in response.text
    assert await state_of(visitor, UNPAID) == ("N", None)


async def test_a_deleted_payment_is_gone(visitor: Visitor):
    link = await visitor.link(UNPAID)
    await visitor.call("crm.item.payment.delete", {"id": UNPAID})
    assert "No such payment" in await visitor.read(link, 404)
