"""The arguments that tools share: type, bounds and one line of description each.

Where a person or a model would reasonably write a value otherwise (`deal` for `D`, `"2"` for 2, an object as a JSON
string), it is accepted; what a tool gets is always the documented form.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from typing_extensions import TypedDict

from ..rest.object_types import ObjectType, object_type

MAX_ID = 2**31 - 1


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("must be a whole number")
    return value


def _decimal(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return str(value) if isinstance(value, float) else value


def _from_json(value: object) -> object:
    """Some hosts pass objects and arrays as JSON inside a string."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _one_or_two(value: object) -> object:
    return int(str(value)) if value in ("1", "2") else _no_flag(value)


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return value.strip().upper()[:1] if isinstance(value, str) and value.strip().lower() in _FLAGS else value


def _confirmed(value: object) -> object:
    return value.strip().lower() == "true" if isinstance(value, str) and value.strip().lower() in _BOOLEANS else value


_FLAGS = ("y", "n", "yes", "no")
_BOOLEANS = ("true", "false")


def _type(value: object, *, what: str) -> ObjectType:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("name the object type, as D or 2 for deals")
    kind = object_type(value)
    article = "an" if kind.label[0] in "aeio" else "a"
    if what == "rows" and not kind.takes_rows:
        raise ValueError(
            f"{article} {kind.label} has no product rows; use D deal, SI new invoice, L lead, Q quote, "
            "T<hex> smart process"
        )
    if what == "payments" and not kind.takes_payments:
        raise ValueError(f"{article} {kind.label} takes no payments; use 2 for deals, 31 for new invoices")
    return kind


def _id(description: str) -> Any:
    return Field(ge=1, le=MAX_ID, description=description)


_WHOLE = BeforeValidator(_no_flag)
_EXACT = BeforeValidator(_decimal)
_JSON = BeforeValidator(_from_json)

OwnerType = Annotated[
    ObjectType,
    BeforeValidator(lambda value: _type(value, what="rows")),
    WithJsonSchema({"type": "string", "description": "D deal, SI new invoice, L lead, Q quote, T<hex> smart process"}),
]
PayableType = Annotated[
    ObjectType,
    BeforeValidator(lambda value: _type(value, what="payments")),
    WithJsonSchema({"type": "integer", "description": "2 deal, 31 new invoice"}),
]
AnyType = Annotated[
    ObjectType,
    BeforeValidator(lambda value: _type(value, what="any")),
    WithJsonSchema(
        {"type": "integer", "description": "2 deal, 31 new invoice, 1 lead, 7 quote, or a smart process's id"}
    ),
]

OwnerId = Annotated[int, _id("Deal, invoice, … id"), _WHOLE]
RowId = Annotated[int, _id("Product row id"), _WHOLE]
PaymentId = Annotated[int, _id("Payment id"), _WHOLE]
ItemId = Annotated[int, _id("Payment item id (not the row or delivery id)"), _WHOLE]
HoldingPaymentId = Annotated[int, _id("Payment that holds the item: lets the preview show it"), _WHOLE]
DeliveryId = Annotated[int, _id("Delivery (shipment) id, from delivery_list"), _WHOLE]
OrderId = Annotated[int, _id("Order id"), _WHOLE]
PaySystemId = Annotated[int, _id("Payment system id"), _WHOLE]
ItemQuantity = Annotated[int, Field(ge=1, le=MAX_ID, description="Whole units"), _WHOLE]
Flag = Annotated[Literal["Y", "N"], BeforeValidator(_flag)]
Paid = Annotated[Flag, Field(description="Y paid; N unpays, needs confirmation")]
IncludeQr = Annotated[bool, Field(description="Add the QR code as an image")]
Confirm = Annotated[
    bool, Field(strict=True, description="true after a person agreed to the preview"), BeforeValidator(_confirmed)
]
RequestId = Annotated[
    str,
    Field(min_length=1, max_length=100, description="Your own id for this call: repeating it gives the first answer"),
]

Filter = Annotated[
    dict[str, Any],
    _JSON,
    WithJsonSchema(
        {"type": "object", "description": '{">price": 100, "@id": [1, 2]}; prefixes = != > >= < <= @ !@ % !%'}
    ),
]
Order = Annotated[dict[str, str], _JSON, WithJsonSchema({"type": "object", "description": '{"id": "desc"}'})]
Select = Annotated[list[str], Field(max_length=100, description="Fields to give"), _JSON]
Start = Annotated[int, Field(ge=0, le=MAX_ID, description="Offset: `next` of the page before"), _WHOLE]


class RowFields(TypedDict, total=False):
    """What can be written into a product row (facts.md §7.1). Prices are per unit in the owner's currency."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    productId: Annotated[
        int, Field(ge=0, le=MAX_ID, description="Catalog product (offer) id; 0 or none for a free row"), _WHOLE
    ]
    productName: Annotated[str, Field(min_length=1, max_length=255, description="Default: the catalog's name")]
    price: Annotated[
        Decimal, Field(ge=0, le=10**12, description="Final unit price, discount and tax included; default 0"), _EXACT
    ]
    quantity: Annotated[Decimal, Field(ge=Decimal("0.0001"), le=10**9, description="Default 1"), _EXACT]
    discountTypeId: Annotated[Literal[1, 2], Field(description="1 sum, 2 percent"), BeforeValidator(_one_or_two)]
    discountRate: Annotated[Decimal, Field(ge=0, le=100, description="Percent already taken off the price"), _EXACT]
    discountSum: Annotated[Decimal, Field(ge=0, le=10**12, description="Per unit, without tax"), _EXACT]
    taxRate: Annotated[Decimal | None, Field(ge=0, le=100, description="Percent; null for no tax"), _EXACT]
    taxIncluded: Annotated[Flag, Field(description="Send Y with a taxRate: with N payments leave the tax out")]
    taxName: Annotated[str, Field(max_length=100, description="Label of the tax")]
    measureCode: Annotated[int, Field(ge=1, le=MAX_ID, description="796 pcs, 6 m, 166 kg, …"), _WHOLE]
    sort: Annotated[int, Field(ge=0, le=MAX_ID, description="Position"), _WHOLE]


class Row(RowFields, total=False):
    """A row of `productrow_set`."""

    id: Annotated[int, _id("Existing row to keep"), _WHOLE]


Rows = Annotated[list[Row], Field(max_length=500, description="All rows the object shall have; [] removes all"), _JSON]
