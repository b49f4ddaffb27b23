"""The links to a payment's page (facts.md §7.20)."""

from __future__ import annotations

import struct
from base64 import b64decode

import httpx2
import pytest
import segno
from bitrix24_commerce.sandbox import payment_link

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio

METHOD = "salescenter.payment.getPublicUrl"


async def test_both_links_lead_to_the_payment(desk: Desk):
    link = (await desk(METHOD, {"id": "1063"}))["payment"]
    url = httpx2.URL(link["url"])
    assert (str(url.host), url.path) == ("127.0.0.1", "/pub/site/10/oformleniezakaza/")
    assert (url.params["orderId"], url.params["paymentId"]) == ("3689", "1063")
    store = desk.portal.store
    by_access = payment_link.payment_by_access(store, 1063, url.params["access"])
    by_code = payment_link.payment_by_short_code(store, link["shortUrl"].rpartition("~")[2])
    assert by_access and by_code
    assert by_access["id"] == by_code["id"] == 1063
    assert payment_link.payment_by_access(store, 1040, url.params["access"]) is None
    assert payment_link.payment_by_short_code(store, "") is None


async def test_the_picture_is_the_code_of_the_short_link(desk: Desk):
    link = (await desk(METHOD, {"id": 1063}))["payment"]
    picture = b64decode(link["qr"])
    assert picture == payment_link.qr_code(link["shortUrl"])
    width, height = struct.unpack(">II", picture[16:24])
    assert width == height
    assert 330 <= width <= 380
    assert width % segno.make_qr(link["shortUrl"]).symbol_size()[0] == 0


async def test_a_link_stays_the_same_and_belongs_to_one_payment(desk: Desk):
    first, again, other = [(await desk(METHOD, {"id": id}))["payment"] for id in (1063, 1063, 1040)]
    assert first == again
    assert first["shortUrl"] != other["shortUrl"]
    new = await desk("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    assert (await desk(METHOD, {"id": new}))["payment"]["url"].endswith(f"paymentId={new}")


async def test_payments_without_a_link(open_desk: OpenDesk):
    classic, current = open_desk(), open_desk(profile="current")
    for id in (1, -1, "abc", 10**30, 1.5):
        assert await classic.refusal(METHOD, {"id": id}) == (200640400001, "payment does not exist")
        assert await current.refusal(METHOD, {"id": id}) == ("200640400001", "payment is not exists")
    assert await classic.refusal(METHOD, {"id": [1063]}) == (0, "Parameter id must be integer")
