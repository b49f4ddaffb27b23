"""Product rows of deals, new invoices, leads, quotes and smart processes."""

from __future__ import annotations

from typing import Any, Unpack

from ..rest import Portal
from ..rest.numbers import plain
from ..rest.portal import listed, mapped, record, records
from ..rest.records import ProductRow
from .arguments import Filter, Order, OwnerId, OwnerType, RowFields, RowId, Rows, Start
from .effect import Effect
from .operation import ArgumentsRefused, tool
from .results import Done, FieldsResult, done
from .row_fields import all_writable, check_named, writable
from .row_list import list_rows
from .row_results import AllProductRows, ProductRowResult, ProductRowsResult


@tool("crm.item.productrow.add", effect=Effect.CREATE)
async def productrow_add(
    portal: Portal, ownerType: OwnerType, ownerId: OwnerId, **fields: Unpack[RowFields]
) -> ProductRowResult:
    """Add a product row. `price` is final: for 100 with 20 % off send price 80, discountRate 20."""
    check_named(fields)
    method = "crm.item.productrow.add"
    row = {"ownerId": ownerId, "ownerType": ownerType.code, **writable(fields)}
    return _one(await portal.call(method, {"fields": row}), method, f"Added to {ownerType.label} {ownerId}:")


@tool("crm.item.productrow.update", effect=Effect.CHANGE, idempotent=True)
async def productrow_update(portal: Portal, id: RowId, **fields: Unpack[RowFields]) -> ProductRowResult:
    """Change fields of a product row; the others stay."""
    if not fields:
        raise ArgumentsRefused("give at least one field to change")
    method = "crm.item.productrow.update"
    return _one(await portal.call(method, {"id": id, "fields": writable(fields)}), method, "Now:")


@tool("crm.item.productrow.get", effect=Effect.READ)
async def productrow_get(portal: Portal, id: RowId) -> ProductRowResult:
    """Read one product row with all its prices."""
    row = await portal.product_row(id)
    untaxed, netto, brutto = plain(row.priceExclusive), plain(row.priceNetto), plain(row.priceBrutto)
    prices = f"{untaxed} without tax; before the discount {netto}, with tax {brutto}"
    return ProductRowResult(productRow=row).saying(f"Row of {row.ownerType} {row.ownerId}. A unit is {prices}.")


@tool("crm.item.productrow.set", effect=Effect.OVERWRITE, guarded=True, idempotent=True)
async def productrow_set(portal: Portal, ownerType: OwnerType, ownerId: OwnerId, productRows: Rows) -> AllProductRows:
    """Replace ALL product rows of an object. Rows not sent are deleted with their payment items; ids may change."""
    method = "crm.item.productrow.set"
    rows = all_writable(productRows)
    result = await portal.call(method, {"ownerType": ownerType.code, "ownerId": ownerId, "productRows": rows})
    kept = records(ProductRow, listed(result, "productRows", method), method)
    return AllProductRows(productRows=kept).saying(f"{ownerType.label} {ownerId} now has {len(kept)} rows:")


@tool("crm.item.productrow.list", effect=Effect.READ)
async def productrow_list(
    portal: Portal,
    ownerType: OwnerType,
    ownerId: OwnerId,
    filter: Filter | None = None,
    order: Order | None = None,
    start: Start = 0,
) -> ProductRowsResult:
    """List an object's product rows, 50 a page."""
    rows, total, following = await list_rows(portal, ownerType, ownerId, filter or {}, order or {}, start)
    page: dict[str, Any] = {"productRows": rows}
    if total is not None:
        page["total"] = total
    if following is not None:
        page["next"] = following
    return ProductRowsResult(**page)


@tool("crm.item.productrow.getAvailableForPayment", effect=Effect.READ)
async def productrow_get_available_for_payment(
    portal: Portal, ownerType: OwnerType, ownerId: OwnerId
) -> AllProductRows:
    """List what is not in any payment yet; `quantity` is the rest that can still be billed."""
    method = "crm.item.productrow.getAvailableForPayment"
    result = await portal.call(method, {"ownerType": ownerType.code, "ownerId": ownerId})
    rows = records(ProductRow, listed(result, "productRows", method), method)
    what = f"{len(rows)} rows can still be billed (qty is the rest):" if rows else "Nothing is left to bill."
    return AllProductRows(productRows=rows).saying(what)


@tool("crm.item.productrow.delete", effect=Effect.REMOVE, guarded=True)
async def productrow_delete(portal: Portal, id: RowId) -> Done:
    """Delete a product row and its payment items; the object's total falls."""
    await portal.call("crm.item.productrow.delete", {"id": id})
    return done(f"Product row {id} deleted.")


@tool("crm.item.productrow.fields", effect=Effect.READ)
async def productrow_fields(portal: Portal) -> FieldsResult:
    """Describe the fields of product rows."""
    method = "crm.item.productrow.fields"
    return FieldsResult(fields=mapped(await portal.call(method, {}), "fields", method))


def _one(result: object, method: str, text: str) -> ProductRowResult:
    row = record(ProductRow, mapped(result, "productRow", method), method)
    return ProductRowResult(productRow=row).saying(text)
