"""Which REST methods only read. All others count as writes: those are never repeated, joined or batched."""

from __future__ import annotations

READS = frozenset(
    {
        "catalog.catalog.list",
        "catalog.measure.list",
        "catalog.price.list",
        "catalog.product.get",
        "catalog.product.list",
        "catalog.vat.list",
        "crm.currency.list",
        "crm.deal.get",
        "crm.deal.list",
        "crm.enum.ownertype",
        "crm.invoice.list",
        "crm.item.delivery.get",
        "crm.item.delivery.list",
        "crm.item.fields",
        "crm.item.get",
        "crm.item.list",
        "crm.item.payment.delivery.list",
        "crm.item.payment.get",
        "crm.item.payment.list",
        "crm.item.payment.product.list",
        "crm.item.productrow.fields",
        "crm.item.productrow.get",
        "crm.item.productrow.getAvailableForPayment",
        "crm.item.productrow.list",
        "crm.orderentity.getFields",
        "crm.orderentity.list",
        "crm.type.list",
        "method.get",
        "profile",
        "sale.delivery.getlist",
        "sale.order.get",
        "sale.order.list",
        "sale.payment.list",
        "sale.paysystem.list",
        "sale.shipment.list",
        "salescenter.payment.getPublicUrl",
        "scope",
        "server.time",
        "user.current",
    }
)


def writes(method: str) -> bool:
    """Whether the method may change something on the portal."""
    return method not in READS
