"""The methods for finding one's way about the portal (facts.md §8)."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from .conftest import Desk, OpenDesk

pytestmark = pytest.mark.anyio


async def test_deals_by_crm_item_list(desk: Desk):
    request = {
        "entityTypeId": 2,
        "select": ["title", "opportunity", "currencyId", "isManualOpportunity", "nonsense"],
        "filter": {"%title": "phones", ">opportunity": 50000, "0": {"logic": "OR", "id": 13142, "=companyId": 27}},
        "order": {"id": "DESC"},
    }
    answer = await desk.answer("crm.item.list", request)
    assert answer == snapshot(
        {
            "result": {
                "items": [
                    {
                        "id": 13144,
                        "title": "Phones for the auditors",
                        "currencyId": "USD",
                        "opportunity": 416790,
                        "isManualOpportunity": "N",
                    },
                    {
                        "id": 13142,
                        "title": "Phones for Harbour Design Studio",
                        "currencyId": "USD",
                        "opportunity": 275637,
                        "isManualOpportunity": "N",
                    },
                    {
                        "id": 13126,
                        "title": "Sales department: phones and desks",
                        "currencyId": "USD",
                        "opportunity": 165619.98,
                        "isManualOpportunity": "N",
                    },
                ]
            },
            "total": 3,
        }
    )


@pytest.mark.parametrize(
    ("part", "value", "text"),
    [
        ("filter", {"nonsense": 1}, "Invalid filter: field 'nonsense' is not allowed in filter"),
        ("filter", {"id": "x"}, "Invalid filter: field 'id' has invalid value"),
        ("order", {"nonsense": "asc"}, "Invalid order: field 'nonsense' is not allowed in order"),
        (
            "order",
            {"id": "up"},
            "Invalid order: allowed sort directions are `ASC, DESC`. But got 'up' for field 'id'",
        ),
    ],
)
async def test_what_crm_item_list_does_not_take(desk: Desk, part: str, value: object, text: str):
    refusal = await desk.refusal("crm.item.list", {"entityTypeId": 2, part: value})
    assert refusal == ("INVALID_ARG_VALUE", text)


async def test_one_object_of_each_kind(desk: Desk):
    deal = (await desk("crm.item.get", {"entityTypeId": "2", "id": "13142"}))["item"]
    assert (deal["contactIds"], deal["companyId"], deal["closed"]) == ([32], 22, "N")
    invoice = (await desk("crm.item.get", {"entityTypeId": 31, "id": 2002}))["item"]
    assert (invoice["accountNumber"], invoice["mycompanyId"], invoice["opportunity"]) == ("2", 11, 1380)
    contact = (await desk("crm.item.get", {"entityTypeId": 3, "id": 31}))["item"]
    assert (contact["name"], contact["lastName"], "opportunity" in contact) == ("Olivia", "Hart", False)
    visit = (await desk("crm.item.get", {"entityTypeId": 177, "id": 1}))["item"]
    assert "opportunity" not in visit
    for type_id in (5, 14, 999, -1):
        refusal = await desk.refusal("crm.item.get", {"entityTypeId": type_id, "id": 1})
        assert refusal == ("NOT_FOUND", "SPA not found")
    assert (await desk.refusal("crm.item.get", {"entityTypeId": 2, "id": 1}))[0] == "NOT_FOUND"


async def test_fields_of_deals_and_invoices(desk: Desk):
    deal = (await desk("crm.item.fields", {"entityTypeId": 2}))["fields"]
    assert deal["isManualOpportunity"] == snapshot(
        {
            "type": "boolean",
            "isRequired": False,
            "isReadOnly": False,
            "isImmutable": False,
            "isMultiple": False,
            "isDynamic": False,
            "title": "Manual amount",
            "upperName": "IS_MANUAL_OPPORTUNITY",
        }
    )
    invoice = (await desk("crm.item.fields", {"entityTypeId": 31}))["fields"]
    assert invoice.keys() - deal.keys() == {"accountNumber", "mycompanyId"}


async def test_deals_in_the_old_style_take_capitals_and_give_strings(desk: Desk):
    for request in (
        {"SELECT": ["ID", "OPPORTUNITY"], "FILTER": {"%TITLE": "Harbour"}, "ORDER": {"ID": "desc"}},
        {"select": ["ID", "OPPORTUNITY"], "filter": {"@ID": [13142], "NONSENSE": 1}},
    ):
        answer = await desk.answer("crm.deal.list", request)
        assert answer == {"result": [{"ID": "13142", "OPPORTUNITY": "275637.00"}], "total": 1}
    deal = await desk("crm.deal.get", {"id": 13142})
    assert (deal["TITLE"], deal["CONTACT_ID"], deal["CLOSEDATE"]) == ("Phones for Harbour Design Studio", "32", None)
    assert (await desk.answer("crm.deal.list", {"start": -1}))["total"] == 0
    assert await desk.refusal("crm.deal.get", {"id": 1}) == ("", "Not found")
    for id in (None, "abc", 10**30):
        assert await desk.refusal("crm.deal.get", {"id": id}) == ("", "ID is not defined or invalid.")


async def test_old_invoices_are_their_own_kind(desk: Desk):
    answer = await desk.answer("crm.invoice.list", {"select": ["ID", "ORDER_TOPIC", "PRICE"], "filter": {"<=ID": 101}})
    assert answer == {"result": [{"ID": "101", "ORDER_TOPIC": "Invoice for desk lamps", "PRICE": "590.00"}], "total": 1}


async def test_kinds_of_objects(desk: Desk):
    kinds = {kind["ID"]: kind["SYMBOL_CODE_SHORT"] for kind in await desk("crm.enum.ownertype")}
    assert (kinds[2], kinds[31], kinds[156], kinds[177]) == ("D", "SI", "T9c", "Tb1")
    assert [kind["code"] for kind in await desk("crm.enum.getorderownertypes")] == ["DEAL", "SMART_INVOICE"]
    found = await desk("crm.type.list", {"filter": {"isLinkWithProductsEnabled": "Y"}})
    assert [type["entityTypeId"] for type in found["types"]] == [156]


async def test_the_catalog(desk: Desk):
    catalogs = (await desk("catalog.catalog.list"))["catalogs"]
    assert [(catalog["iblockId"], catalog["productIblockId"]) for catalog in catalogs] == [(24, None), (26, 24)]
    request = {"select": ["id", "iblockId", "name", "type"], "filter": {"iblockId": 26}}
    assert await desk.answer("catalog.product.list", request) == {
        "result": {
            "products": [
                {"id": 9621, "iblockId": 26, "name": "iphone 14", "type": 4},
                {"id": 9623, "iblockId": 26, "name": "iphone 10xs", "type": 4},
            ]
        },
        "total": 2,
    }
    listed = {**request, "filter": {"iblockId": [24, 26], "!type": [1, 3]}}
    assert len((await desk("catalog.product.list", listed))["products"]) == 4
    assert (await desk.refusal("catalog.product.list", {**request, "select": ["id"]}))[1] == (
        "Required select fields: iblockId"
    )
    assert (await desk.refusal("catalog.product.list", {}))[1] == "Required select fields: id, iblockId"
    assert (await desk.refusal("catalog.product.list", {**request, "filter": {"name": "x"}}))[1] == (
        "Required filter fields: iblockId"
    )
    product = (await desk("catalog.product.get", {"id": 9621}))["product"]
    assert (product["parentId"], product["measure"]) == (9620, 9)
    assert (await desk.refusal("catalog.product.get", {"id": 1}))[1] == "product does not exist"
    prices = (await desk("catalog.price.list", {"filter": {"productId": 9607}}))["prices"]
    assert (prices[0]["price"], prices[0]["currency"]) == (4.5, "USD")
    measures = (await desk("catalog.measure.list", {"filter": {"isDefault": "Y"}}))["measures"]
    assert (measures[0]["code"], measures[0]["symbol"]) == (796, "pcs")
    assert [vat["rate"] for vat in (await desk("catalog.vat.list"))["vats"]] == [None, 0, 10, 20]


async def test_ways_to_pay_and_to_deliver(desk: Desk):
    request = {"FILTER": {"ENTITY_REGISTRY_TYPE": "ORDER", "ACTIVE": "Y"}, "SELECT": ["ID", "NAME"]}
    assert await desk.answer("sale.paysystem.list", request) == {
        "result": [
            {"ID": "6", "NAME": "Cash"},
            {"ID": "110", "NAME": "Bank card"},
            {"ID": "112", "NAME": "Bank transfer"},
        ]
    }
    services = await desk("sale.delivery.getlist", {"filter": {"PARENT_ID": 226}})
    assert [(service["ID"], service["NAME"]) for service in services] == [("228", "Uber Taxi (Cargo)")]
    assert (await desk.refusal("sale.delivery.getlist", {"filter": {"X": 1}}))[0] == "ERROR_CHECK_FAILURE"


async def test_currencies(desk: Desk):
    answer = await desk.answer("crm.currency.list", {"order": {"AMOUNT": "desc"}})
    assert answer["total"] == 0
    assert [currency["CURRENCY"] for currency in answer["result"]] == ["GBP", "EUR", "USD"]
    assert (answer["result"][2]["BASE"], answer["result"][1]["AMOUNT"]) == ("Y", "1.0850")


async def test_an_empty_portal_can_still_be_furnished(open_desk: OpenDesk):
    desk = open_desk(scenario="empty")
    assert await desk.answer("crm.item.list", {"entityTypeId": 2}) == {"result": {"items": []}, "total": 0}
    assert len(await desk("catalog.measure.list")) == 1
    assert await desk("sale.paysystem.list")
