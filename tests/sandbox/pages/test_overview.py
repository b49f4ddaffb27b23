"""The portal's root: its deals and invoices."""

from __future__ import annotations

import re
import subprocess
import sys

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal

from .conftest import Visitor, words

pytestmark = pytest.mark.anyio


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page)


async def test_it_shows_the_newest_deals_and_invoices_first(visitor: Visitor):
    page = (await visitor.get("/")).text
    assert titles(page)[:3] == ["Chargers and cases by link", "Lamps for the library", "Invoice #4"]
    assert len(titles(page)) == 25
    text = words(page)
    assert "39 in all" in text
    assert "Invoice 2004 · Quantum Audit & Partners · 11 Jun 2024 1,190.00 USD Not billed" in text


async def test_the_rest_is_on_further_pages(visitor: Visitor):
    first = (await visitor.get("/")).text
    assert 'rel="next" href="?page=2"' in first
    second = (await visitor.get("/?page=2")).text
    assert 'rel="prev" href="?page=1"' in second
    assert 'rel="next"' not in second
    assert len(titles(second)) == 14
    assert not set(titles(first)) & set(titles(second))
    for beyond in ("3", "999999999", "99999999999999999999", "-1", "²", "two"):
        assert len(titles((await visitor.get(f"/?page={beyond}")).text)) in (14, 25)


async def test_deals_are_found_by_words_of_their_title_and_by_number(visitor: Visitor):
    found = titles((await visitor.get("/?search=pHoNeS")).text)
    assert "Phones for Harbour Design Studio" in found
    assert all("phones" in title.lower() for title in found)
    assert titles((await visitor.get("/?search=13142")).text) == ["Phones for Harbour Design Studio"]
    nothing = await visitor.read("/?search=100%25")
    assert "No deal or invoice has “100%” in its title." in nothing
    assert titles((await visitor.get(f"/?search={'9' * 400}")).text) == []


async def test_the_search_knows_other_alphabets_and_goes_on_over_the_pages(visitor: Visitor):
    with visitor.portal.store.transaction():
        visitor.portal.store.run("UPDATE item SET title = 'Телефоны ' || id WHERE entity_type_id = 2")
    page = (await visitor.get("/", 200)).text
    found = (await visitor.http.get("/", params={"search": "ТЕЛЕФОНЫ"})).text
    assert len(titles(found)) == 25
    assert "page=2" in page
    (further,) = re.findall(r'rel="next" href="([^"]*)"', found)
    assert len(titles((await visitor.get("/" + further.replace("&amp;", "&"))).text)) == 10


async def test_the_payment_state_follows_the_payments(visitor: Visitor):
    async def state() -> str:
        text = await visitor.read("/?search=13142")
        return text.partition("275,637.00 USD ")[2].partition(" REST calls")[0]

    assert await state() == "Not billed"
    payment = await visitor.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    assert await state() == "Unpaid"
    for row, quantity in ((17648, 3), (17650, 1)):
        line = {"paymentId": payment, "rowId": row, "quantity": quantity}
        await visitor.call("crm.item.payment.product.add", line)
    await visitor.call("crm.item.payment.pay", {"id": payment})
    assert await state() == "Part paid 5,637.00 USD"
    rest = await visitor.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    await visitor.call("crm.item.payment.product.add", {"paymentId": rest, "rowId": 17649, "quantity": 3})
    await visitor.call("crm.item.payment.pay", {"id": rest})
    assert await state() == "Paid"


async def test_payments_in_another_currency_are_not_added_to_a_deals(visitor: Visitor):
    visitor.portal.store.run("UPDATE payment SET currency = 'EUR' WHERE id = 1063")
    assert "137.90 USD Not billed" in await visitor.read("/?search=13160")


async def test_an_empty_portal_says_so():
    portal = Portal(scenario="empty")
    async with portal.serve(), httpx2.AsyncClient(base_url=portal.address, trust_env=False) as http:
        text = words((await http.get("/")).text)
    portal.close()
    assert "This portal has no deals or invoices." in text
    assert "No calls yet." in text


async def test_a_large_portal_is_shown_in_pages():
    portal = Portal(scenario="large")
    async with portal.serve(), httpx2.AsyncClient(base_url=portal.address, trust_env=False, timeout=30) as http:
        first = (await http.get("/")).text
        row_counts = "SELECT owner_id FROM product_row GROUP BY owner_id ORDER BY COUNT(*) DESC"
        deal = (await http.get(f"/crm/deal/details/{portal.store.value(row_counts)}/?page=50")).text
    portal.close()
    assert len(titles(first)) == 25
    assert "Page 1 of 4" in first
    assert "Page 50 of 50" in deal
    assert deal.count('data-key="row ') == 100


def test_a_portal_without_visitors_does_not_load_what_draws_pages():
    script = (
        "import sys; from bitrix24_commerce.sandbox import Portal;"
        "portal = Portal(); portal.app; portal.call('crm.item.payment.get', {'id': 1063});"
        "print('jinja2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
