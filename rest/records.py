"""What the portal's records hold (facts.md §6).

They accept what portals of either generation send: numbers as strings, `[]` for an empty map, newer fields missing.
A field that is not known here is kept, and a field that the portal left out stays out when a record becomes JSON.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .numbers import Number

Flag = Literal["Y", "N"]


class Record(BaseModel):
    """One record of the portal."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    def json_object(self) -> dict[str, Any]:
        """The record as JSON, with the fields that the portal gave."""
        return self.model_dump(mode="json", exclude_unset=True)


class ProductRow(Record):
    """A product row (§6.1). Prices are per unit, in the owner's currency; `price` is after discount and with tax."""

    id: int
    ownerId: int
    ownerType: str
    productId: int = 0
    productName: str = ""
    price: Number = Decimal(0)
    quantity: Number = Decimal(1)
    discountTypeId: int = 2
    discountRate: Number = Decimal(0)
    discountSum: Number = Decimal(0)
    taxRate: Number | None = None
    taxIncluded: Flag = "N"
    taxName: str = ""
    priceExclusive: Number = Decimal(0)
    priceNetto: Number = Decimal(0)
    priceBrutto: Number = Decimal(0)
    priceAccount: Number = Decimal(0)
    measureCode: int = 0
    measureName: str = ""
    sort: int = 0
    type: int = 1
    customized: Flag = "Y"
    xmlId: str = ""
    storeId: int | None = None

    @property
    def amount(self) -> Decimal:
        """Price times quantity."""
        return self.price * self.quantity


class Payment(Record):
    """A payment (§6.2). `sum` is in `currency`."""

    id: int
    accountNumber: str = ""
    paid: Flag
    datePaid: str | None = None
    empPaidId: int | None = None
    paySystemId: int | None = None
    paySystemName: str = ""
    sum: Number
    currency: str = ""


class PaymentProduct(Record):
    """A product item of a payment (§6.3): a quantity of a product row, or of an order's basket item without a row."""

    id: int
    paymentId: int
    quantity: Number
    rowId: int | None = None
    entityId: int | None = None


class PaymentDelivery(Record):
    """A delivery item of a payment (§6.4). `deliveryId` is the delivery (shipment document), not the service."""

    id: int
    paymentId: int
    quantity: Number
    deliveryId: int


class Delivery(Record):
    """A delivery, also called shipment (§6.5). `deliveryId` is the delivery service."""

    id: int
    accountNumber: str = ""
    deducted: Flag = "N"
    dateDeducted: str | None = None
    deliveryId: int | None = None
    deliveryName: str = ""
    priceDelivery: Number = Decimal(0)
    currency: str = ""


class OrderBinding(Record):
    """Which CRM object an order belongs to (§6.6)."""

    orderId: int | None = None
    ownerId: int | None = None
    ownerTypeId: int | None = None


class PaymentLink(Record):
    """A customer's payment page (§7.20), without its QR code, which `PaymentLinkAnswer` holds."""

    url: str
    shortUrl: str
