"""What the tools for payments, their items, their links and deliveries give."""

from __future__ import annotations

from typing import Self

from pydantic import PrivateAttr

from ..rest.numbers import money
from ..rest.records import Delivery, Payment, PaymentDelivery, PaymentLink, PaymentProduct
from .results import Result
from .tables import line, table


class PaymentResult(Result):
    """One payment."""

    payment: Payment

    @property
    def text(self) -> str:
        """One or two lines."""
        return payment_line(self.payment)


class PaymentsResult(Result):
    """Payments of one object."""

    payments: list[Payment]

    @property
    def text(self) -> str:
        """A table of the payments."""
        if not self.payments:
            return "no payments"
        header = ("id", "number", "sum", "currency", "paid", "date paid", "system", "name")
        rows = [
            (p.id, p.accountNumber, p.sum, p.currency, p.paid, p.datePaid, p.paySystemId, p.paySystemName)
            for p in self.payments
        ]
        return f"{len(self.payments)} payments\n{table(header, rows)}"


class PaymentProductsResult(Result):
    """Product items of one payment."""

    items: list[PaymentProduct]

    @property
    def text(self) -> str:
        """A table of the items."""
        header = ("id", "rowId", "quantity", "basket item without row")
        rows = [(item.id, item.rowId, item.quantity, item.entityId) for item in self.items]
        return f"{len(rows)} product items\n{table(header, rows)}" if rows else "no product items"


class PaymentDeliveriesResult(Result):
    """Delivery items of one payment."""

    items: list[PaymentDelivery]

    @property
    def text(self) -> str:
        """A table of the items."""
        rows = [(item.id, item.deliveryId, item.quantity) for item in self.items]
        return (
            f"{len(rows)} delivery items\n{table(('id', 'deliveryId', 'quantity'), rows)}"
            if rows
            else "no delivery items"
        )


class DeliveryResult(Result):
    """One delivery."""

    delivery: Delivery

    @property
    def text(self) -> str:
        """One line."""
        return delivery_line(self.delivery)


class DeliveriesResult(Result):
    """Deliveries of one object."""

    deliveries: list[Delivery]

    @property
    def text(self) -> str:
        """A line a delivery."""
        return "\n".join([f"{len(self.deliveries)} deliveries", *map(delivery_line, self.deliveries)])


class LinkResult(Result):
    """A payment link."""

    payment: PaymentLink
    _images: list[bytes] = PrivateAttr(default_factory=list[bytes])

    def showing(self, image: bytes) -> Self:
        """The same result with the QR code as an image."""
        self._images = [image]
        return self

    @property
    def images(self) -> list[bytes]:
        """The QR code, if it was asked for."""
        return self._images


def payment_line(payment: Payment) -> str:
    """A payment in one line."""
    paid = f"paid {payment.datePaid or ''}".rstrip() if payment.paid == "Y" else "unpaid"
    system = f", {line(payment.paySystemName)} (system {payment.paySystemId})" if payment.paySystemId else ""
    amount = money(payment.sum, payment.currency)
    return f"payment {payment.id} no. {line(payment.accountNumber)}: {amount}, {paid}{system}"


def delivery_line(delivery: Delivery) -> str:
    """A delivery in one line."""
    shipped = f"shipped {delivery.dateDeducted or ''}".rstrip() if delivery.deducted == "Y" else "not shipped"
    price = money(delivery.priceDelivery, delivery.currency)
    service = f"{line(delivery.deliveryName)} (service {delivery.deliveryId})"
    return f"delivery {delivery.id} no. {line(delivery.accountNumber)}: {price}, {service}, {shipped}"
