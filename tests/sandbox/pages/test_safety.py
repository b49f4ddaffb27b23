"""What pages must never do: run a user's text, load from elsewhere, or open themselves to other sites."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from bitrix24_commerce.sandbox import Portal

from .conftest import Visitor

pytestmark = pytest.mark.anyio

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PAGES = ["/", "/log", "/crm/deal/details/13142/", "/crm/type/31/details/2002/", "payment", "/~none0", "/?search=none"]


class Outline(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


async def page_of(visitor: Visitor, path: str) -> str:
    address = await visitor.link(1065) if path == "payment" else path
    return (await visitor.http.get(address)).text


async def name_everything(portal: Portal, visitor: Visitor) -> None:
    """Put markup wherever a page shows somebody's text."""
    with portal.store.transaction():
        for column in ("item.title", "basket_item.name", "payment.pay_system_name", "shipment.delivery_name"):
            table, name = column.split(".")
            portal.store.run(f"UPDATE {table} SET {name} = ?", SCRIPT)  # noqa: S608 - names are ours
    row = {"ownerId": 13142, "ownerType": "D", "productName": SCRIPT, "price": 1}
    await visitor.call("crm.item.productrow.add", {"fields": row})
    await visitor.call(f"crm.{SCRIPT.split('/')[0]}", {SCRIPT: SCRIPT})


@pytest.mark.parametrize("path", [*PAGES, "/?search=%3Cscript%3Ealert(1)%3C%2Fscript%3E"])
async def test_markup_in_a_users_text_is_shown_as_text(visitor: Visitor, path: str):
    await name_everything(visitor.portal, visitor)
    page = await page_of(visitor, path)
    outline = Outline(page)
    assert [each.get("src") for each in outline.all("script")] in (["/pages/portal.js"], [])
    assert all("onerror" not in attributes for _, attributes in outline.elements)
    if path != "/~none0":
        assert "&lt;script&gt;alert(1)" in page


async def test_markup_in_an_event_is_text_too(visitor: Visitor):
    await name_everything(visitor.portal, visitor)
    async with visitor.http.stream("GET", "/log/events") as response:
        event = await anext(response.aiter_text())
    assert "&lt;script&gt;" in event
    assert "<script" not in event
    assert "<img" not in event


@pytest.mark.parametrize("path", [*PAGES, "/pages/portal.js", "/pages/portal.css", "/pages/frame.html"])
async def test_the_headers_forbid_what_a_page_does_not_need(visitor: Visitor, path: str):
    address = await visitor.link(1065) if path == "payment" else path
    headers = (await visitor.http.get(address)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_built_for_every_reader(visitor: Visitor, path: str):
    outline = Outline(await page_of(visitor, path))
    assert outline.all("html") == [{"lang": "en"}]
    assert len(outline.all("main")) == len(outline.all("h1")) == len(outline.all("title")) == 1
    labelled = {each["for"] for each in outline.all("label")}
    assert {each["id"] for each in outline.all("input")} <= labelled
    assert len(outline.all("table")) == len(outline.all("caption"))
    assert all(each.get("scope") in ("row", "col") for each in outline.all("th"))
    assert all(each.get("alt") for each in outline.all("img"))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes["aria-labelledby"] for _, attributes in outline.elements if "aria-labelledby" in attributes]
    assert set(named) <= set(ids)
    assert not any("style" in attributes for _, attributes in outline.elements)


@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:8024", "127.0.0.1.rebound.example", "[", ""])
async def test_the_portals_own_pages_answer_to_its_own_name_only(visitor: Visitor, host: str):
    for path in ("/", "/log", "/log/events", "/crm/deal/details/13142/"):
        response = await visitor.http.get(path, headers={"host": host})
        assert response.status_code == 403
        assert f"This portal is at {visitor.portal.address}/." in response.text
        assert "Harbour" not in response.text


async def test_it_also_answers_to_localhost_and_customers_may_come_by_any_name(visitor: Visitor):
    port = visitor.portal.address.rpartition(":")[2]
    response = await visitor.http.get("/", headers={"host": f"localhost:{port}"})
    assert response.status_code == 200
    link = await visitor.link(1065)
    assert (await visitor.http.get(link, headers={"host": "shop.example"})).status_code == 200
