"""`catalog.*`: what the shop sells, at which prices, in which units, with which taxes (facts.md §8.8)."""

from __future__ import annotations

from typing import Any

from .. import columns, rights
from ..filters import PREFIX, Clause
from ..listing import Listing, Query, listing, page, records
from ..registry import Call, Page, Refusal, method

CATALOGS = listing(
    "catalog",
    {
        "id": columns.integer("iblock_id"),
        "iblockId": columns.integer("iblock_id"),
        "name": columns.text("name"),
        "productIblockId": columns.integer("product_iblock_id"),
        "skuPropertyId": columns.integer("sku_property_id"),
        "vatId": columns.integer("vat_id"),
        "iblockTypeId": columns.constant("CRM_PRODUCT_CATALOG"),
        "lid": columns.constant("s1"),
    },
    order="iblock_id",
)
PRODUCTS = listing(
    "product",
    {
        "id": columns.integer("id"),
        "iblockId": columns.integer("iblock_id"),
        "name": columns.text("name"),
        "active": columns.flag("active"),
        "type": columns.integer("type"),
        "measure": columns.integer("(SELECT measure.id FROM measure WHERE code = measure_code)"),
        "parentId": columns.integer("parent_id"),
        "vatId": columns.integer("vat_id"),
        "vatIncluded": columns.flag("vat_included"),
        "quantity": columns.quantity("quantity"),
        "available": columns.flag("CASE WHEN type = 7 OR quantity > 0 THEN 'Y' ELSE 'N' END"),
        "bundle": columns.constant("N"),
        "purchasingPrice": columns.constant(None),
    },
)
PRICES = listing(
    "price",
    {
        "id": columns.integer("id"),
        "productId": columns.integer("product_id"),
        "catalogGroupId": columns.integer("catalog_group_id"),
        "price": columns.price("price"),
        "currency": columns.text("currency"),
        **dict.fromkeys(("extraId", "quantityFrom", "quantityTo"), columns.constant(None)),
    },
)
MEASURES = listing(
    "measure",
    {
        "id": columns.integer("id"),
        "code": columns.integer("code"),
        "measureTitle": columns.text("title"),
        "symbol": columns.text("symbol"),
        "symbolIntl": columns.text("symbol_international"),
        "isDefault": columns.flag("is_default"),
    },
)
VATS = listing(
    "vat",
    {
        "id": columns.integer("id"),
        "name": columns.text("name"),
        "rate": columns.quantity("rate"),
        "active": columns.flag("active"),
        "sort": columns.integer("sort"),
    },
)
REQUIRED = ("id", "iblockId")


@method("catalog.catalog.list", scope="catalog")
def catalog_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of catalogs; that of variations points to that of products."""
    return _page(call, "catalogs", CATALOGS, Query(select or (), filter, order), start)


@method("catalog.product.list", scope="catalog")
def product_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of a catalog's products, without prices. The catalog must be named, and both ids asked for."""
    rights.require_store_reading(call)
    missing = [name for name in REQUIRED if select and "*" not in select and name not in select]
    if missing or not select:
        raise Refusal("0", f"Required select fields: {', '.join(missing or REQUIRED)}")
    if "iblockId" not in {PREFIX.sub(r"\2", key, count=1) for key in filter or ()}:
        raise Refusal("0", "Required filter fields: iblockId")
    return _page(call, "products", PRODUCTS, Query(select, filter, order), start)


@method("catalog.product.get", scope="catalog")
def product_get(call: Call, id: int) -> object:
    """Return a product."""
    rights.require_store_reading(call)
    found = records(call.store, PRODUCTS, Query(), Clause("id = ?", (id,)))
    if not found:
        raise Refusal("0", "product does not exist")
    return {"product": found[0]}


@method("catalog.price.list", scope="catalog")
def price_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of prices."""
    return _page(call, "prices", PRICES, Query(select or (), filter, order), start)


@method("catalog.measure.list", scope="catalog")
def measure_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of units of measure."""
    return _page(call, "measures", MEASURES, Query(select or (), filter, order), start)


@method("catalog.vat.list", scope="catalog")
def vat_list(
    call: Call,
    select: list[Any] | None = None,
    filter: dict[str, Any] | None = None,
    order: dict[str, Any] | None = None,
    start: int = 0,
) -> object:
    """Return a page of tax rates."""
    return _page(call, "vats", VATS, Query(select or (), filter, order), start)


def _page(call: Call, key: str, listing: Listing, query: Query, start: int) -> Page:
    rights.require_store_reading(call)
    return page(call.store, listing, query, start).under(key)
