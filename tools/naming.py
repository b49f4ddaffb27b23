"""From a REST method's name to the tool's, and to the toolset that it belongs to (design §3)."""

from __future__ import annotations

import re

_PREFIXES = ("crm.item.", "crm.", "salescenter.")
_RENAMED = {"crm.item.list": "item_list"}
TOOLSETS = {
    "productrow": "product rows",
    "orderentity": "order bindings",
    "payment": "payments and links",
    "payment_product": "product items of a payment",
    "payment_delivery": "delivery items of a payment",
    "delivery": "deliveries",
    "lookup": "look-ups",
}


def tool_name(method: str) -> str:
    """`crm.item.payment.product.setQuantity` → `payment_product_set_quantity`."""
    if method in _RENAMED:
        return _RENAMED[method]
    short = next(method.removeprefix(prefix) for prefix in _PREFIXES if method.startswith(prefix))
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", short).replace(".", "_").lower()


def toolset_of(method: str) -> str:
    """The key in `TOOLSETS` of the family that a method belongs to."""
    family = tool_name(method).rpartition("_")[0]
    while family and family not in TOOLSETS:
        family = family.rpartition("_")[0]
    return family or "lookup"
