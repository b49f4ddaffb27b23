"""Finding deals, invoices and smart processes. What is selected by default is what commerce needs of them."""

from __future__ import annotations

from typing import Any

from ..rest import Portal
from ..rest.portal import listed
from .arguments import AnyType, Filter, Order, Select, Start
from .effect import Effect
from .operation import tool
from .results import ItemsResult

_ITEM = ["id", "title", "stageId", "opportunity", "currencyId", "companyId", "contactId"]
_DEAL = ["ID", "TITLE", "STAGE_ID", "OPPORTUNITY", "CURRENCY_ID", "COMPANY_ID", "CONTACT_ID"]
_INVOICE = ["ID", "ACCOUNT_NUMBER", "ORDER_TOPIC", "STATUS_ID", "PRICE", "CURRENCY"]


@tool("crm.deal.list", effect=Effect.READ)
async def deal_list(
    portal: Portal,
    select: Select | None = None,
    filter: Filter | None = None,
    order: Order | None = None,
    start: Start = 0,
) -> ItemsResult:
    """List deals, fields in UPPER_CASE, 50 a page. item_list is the newer way."""
    return await _page(portal, "crm.deal.list", {}, select, _DEAL, filter, order, start)


@tool("crm.invoice.list", effect=Effect.READ)
async def invoice_list(
    portal: Portal,
    select: Select | None = None,
    filter: Filter | None = None,
    order: Order | None = None,
    start: Start = 0,
) -> ItemsResult:
    """List OLD invoices, which no other tool accepts; for new ones use item_list with entityTypeId 31."""
    return await _page(portal, "crm.invoice.list", {}, select, _INVOICE, filter, order, start)


@tool("crm.item.list", effect=Effect.READ)
async def item_list(
    portal: Portal,
    entityTypeId: AnyType,
    select: Select | None = None,
    filter: Filter | None = None,
    order: Order | None = None,
    start: Start = 0,
) -> ItemsResult:
    """List deals, new invoices, smart process items, …; camelCase fields, 50 a page. {"%title": "x"} finds by title."""
    fixed = {"entityTypeId": entityTypeId.id}
    return await _page(portal, "crm.item.list", fixed, select, _ITEM, filter, order, start, key="items")


async def _page(
    portal: Portal,
    method: str,
    fixed: dict[str, Any],
    asked: list[str] | None,
    usual: list[str],
    filter: dict[str, Any] | None,
    order: dict[str, str] | None,
    start: int,
    *,
    key: str = "",
) -> ItemsResult:
    select = asked or usual
    parameters = {**fixed, "select": select, "filter": filter, "order": order, "start": start}
    answer = await portal.answer(method, {name: value for name, value in parameters.items() if value})
    items = [_selected(item, select) for item in listed(answer.result, key, method)]
    page: dict[str, Any] = {"items": items}
    page |= {name: value for name, value in (("total", answer.total), ("next", answer.next)) if value is not None}
    absent = [name for name in asked or () if "*" not in name and not any(name in item for item in items)]
    return ItemsResult(**page).lacking(absent if items else [])


def _selected(item: dict[str, Any], select: list[str]) -> dict[str, Any]:
    """The object with the selected fields only: some portals add others. A mask selects everything."""
    masked = any("*" in name for name in select)
    return item if masked else {name: item[name] for name in select if name in item}
