"""What tools give: structured content with its schema, and a short text for the model.

REST's own keys are kept where it has them; a bare id, list or `true` gets one (design §3). Fields that the portal did
not send are left out, not invented.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from ..rest.numbers import money, plain
from ..rest.records import Delivery, OrderBinding, Payment, PaymentDelivery, PaymentLink, PaymentProduct, ProductRow
from .tables import line, table


class Result(BaseModel):
    """The answer of a tool."""

    model_config = ConfigDict(extra="forbid")
    _text: str = PrivateAttr(default="")

    def saying(self, text: str) -> Self:
        """The same result with this text for the model."""
        self._text = text
        return self

    @property
    def text(self) -> str:
        """What the model reads."""
        return self._text

    @property
    def images(self) -> list[bytes]:
        """PNG images that go with the text."""
        return []

    def json_object(self) -> dict[str, Any]:
        """The structured content."""
        return self.model_dump(mode="json", exclude_unset=True)


class Created(Result):
    """The id of what was created."""

    id: int


class Done(Result):
    """It was carried out."""

    done: bool


def done(text: str) -> Done:
    """Carried out, in words."""
    return Done(done=True).saying(text)


class Listing(Result):
    """A list; subclasses name the key, the columns and the noun."""

    noun: ClassVar[str]
    total: int = Field(default=0)
    next: int = Field(default=0)

    def _summary(self, count: int) -> str:
        given = self.model_fields_set
        what = f"{count} of {self.total}" if "total" in given else str(count)
        more = f"; more with start={self.next}" if "next" in given else ""
        return f"{what} {self.noun}{more}"


class ProductRowResult(Result):
    """One product row."""

    productRow: ProductRow

    @property
    def text(self) -> str:
        """The row as a table of one line."""
        return f"{self._text}\n{product_row_table([self.productRow])}".lstrip()


class ProductRowsResult(Listing):
    """Product rows of one object."""

    noun = "product rows"
    productRows: list[ProductRow]

    @property
    def text(self) -> str:
        """A table of the rows."""
        head = self._text or self._summary(len(self.productRows))
        return f"{head}\n{product_row_table(self.productRows)}" if self.productRows else head


class AllProductRows(Result):
    """Product rows, complete: there are no pages."""

    productRows: list[ProductRow]

    @property
    def text(self) -> str:
        """A table of the rows."""
        return f"{self._text}\n{product_row_table(self.productRows)}" if self.productRows else self._text


class FieldsResult(Result):
    """Descriptions of fields."""

    fields: dict[str, Any]

    @property
    def text(self) -> str:
        """A table of the fields."""
        return field_table(self.fields)


class BindingResult(Result):
    """A binding that now exists."""

    dealOrder: OrderBinding


class BindingsResult(Listing):
    """Order bindings."""

    noun = "order bindings"
    orderEntity: list[OrderBinding]

    @property
    def text(self) -> str:
        """A table of the bindings."""
        head = self._summary(len(self.orderEntity))
        rows = [(each.orderId, each.ownerTypeId, each.ownerId) for each in self.orderEntity]
        return f"{head}\n{table(('orderId', 'ownerTypeId', 'ownerId'), rows)}" if rows else head


class BindingFieldsResult(Result):
    """Descriptions of a binding's fields."""

    orderEntity: dict[str, Any]

    @property
    def text(self) -> str:
        """A table of the fields."""
        return field_table(self.orderEntity)


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


class ItemsResult(Listing):
    """CRM objects, with the fields that were selected."""

    noun = "objects"
    items: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """A table of the objects."""
        header = list(dict.fromkeys(key for item in self.items for key in item))
        head = self._summary(len(self.items))
        return (
            f"{head}\n{table(header, [[item.get(key) for key in header] for item in self.items])}"
            if self.items
            else head
        )


def product_row_table(rows: list[ProductRow]) -> str:
    """Product rows with what a next step needs: ids, unit price, quantity, discount, tax; and what they come to."""
    header = ("id", "product", "name", "price", "qty", "discount", "tax", "measure")
    amount = plain(sum((row.amount for row in rows), Decimal(0)))
    return f"{table(header, [_product_row_cells(row) for row in rows])}\nprice x qty of these: {amount}"


def _product_row_cells(row: ProductRow) -> tuple[object, ...]:
    discount = f"{plain(row.discountRate)}%" if row.discountRate else plain(row.discountSum) if row.discountSum else ""
    tax = "" if row.taxRate is None else f"{plain(row.taxRate)}%{'' if row.taxIncluded == 'Y' else ' N'}"
    measure = "" if row.measureName in ("", "pcs") else row.measureName
    return row.id, row.productId or "", row.productName, row.price, row.quantity, discount, tax, measure


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


def field_table(fields: dict[str, Any]) -> str:
    """Fields with their type and what can be done with them."""
    flags = (("isRequired", "required"), ("isReadOnly", "read-only"), ("isImmutable", "immutable"))
    rows: list[tuple[object, ...]] = []
    for name, description in fields.items():
        notes = [word for key, word in flags if description.get(key)]
        rows.append((name, description.get("type", ""), " ".join(notes), description.get("title", "")))
    return table(("field", "type", "", "title"), rows)
