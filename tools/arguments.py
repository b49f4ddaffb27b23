"""The arguments that tools share: type, bounds and one line of description each.

Where a person or a model would reasonably write a value otherwise (`deal` for `D`, `"2"` for 2, an object as a JSON
string), it is accepted; what a tool gets is always the documented form.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from typing_extensions import TypedDict

from ..rest.object_types import ObjectType, object_type

MAX_ID = 2**31 - 1


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return str(value) if isinstance(value, float) and not value.is_integer() else value


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


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return value.strip().upper()[:1] if isinstance(value, str) and value.strip().lower() in _FLAGS else value


def _confirmed(value: object) -> object:
    return value.strip().lower() == "true" if isinstance(value, str) and value.strip().lower() in _BOOLEANS else value


_FLAGS = ("y", "n", "yes", "no")
_BOOLEANS = ("true", "false")


def _type(value: object, *, what: str) -> ObjectType:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("name the object type, as D or 2 for deals")
    kind = object_type(value)
    if what == "rows" and not kind.takes_rows:
        raise ValueError(
            f"a {kind.label} has no product rows; use D deal, SI new invoice, L lead, Q quote, T<hex> smart process"
        )
    if what == "payments" and not kind.takes_payments:
        raise ValueError(f"a {kind.label} takes no payments; use 2 for deals, 31 for new invoices")
    return kind


def _id(description: str) -> Any:
    return Field(ge=1, le=MAX_ID, description=description)


_Integer = Annotated[int, BeforeValidator(_no_flag)]
_Decimal = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(float), WithJsonSchema({"type": "number"})]

OwnerType = Annotated[
    ObjectType,
    BeforeValidator(lambda value: _type(value, what="rows")),
    WithJsonSchema({"type": "string"}),
    Field(description="D deal, SI new invoice, L lead, Q quote, T<hex> smart process"),
]
PayableType = Annotated[
    ObjectType,
    BeforeValidator(lambda value: _type(value, what="payments")),
    WithJsonSchema({"type": "integer"}),
    Field(description="2 deal, 31 new invoice"),
]
AnyType = Annotated[
    ObjectType,
    BeforeValidator(lambda value: _type(value, what="any")),
    WithJsonSchema({"type": "integer"}),
    Field(description="2 deal, 31 new invoice, 1 lead, 7 quote, or a smart process's id"),
]

OwnerId = Annotated[_Integer, _id("Deal, invoice, … id")]
RowId = Annotated[_Integer, _id("Product row id")]
PaymentId = Annotated[_Integer, _id("Payment id")]
ItemId = Annotated[_Integer, _id("Payment item id (not the row or delivery id)")]
HoldingPaymentId = Annotated[_Integer, _id("Payment that holds the item: lets the preview show it")]
DeliveryId = Annotated[_Integer, _id("Delivery (shipment) id, from delivery_list")]
OrderId = Annotated[_Integer, _id("Order id")]
PaySystemId = Annotated[_Integer, _id("Payment system id")]
ItemQuantity = Annotated[_Integer, Field(ge=1, le=MAX_ID, description="Whole units")]
Flag = Annotated[Literal["Y", "N"], BeforeValidator(_flag)]
Paid = Annotated[Flag, Field(description="Y paid; N unpays, needs confirmation")]
IncludeQr = Annotated[bool, Field(description="Add the QR code as an image")]
Confirm = Annotated[
    bool, BeforeValidator(_confirmed), Field(strict=True, description="true after a person agreed to the preview")
]
RequestId = Annotated[
    str,
    Field(min_length=1, max_length=100, description="Your own id for this call: repeating it gives the first answer"),
]

_FILTER = {"type": "object"}
_Conditions = Annotated[dict[str, Any], BeforeValidator(_from_json), WithJsonSchema(_FILTER)]
_Order = Annotated[dict[str, str], BeforeValidator(_from_json), WithJsonSchema(_FILTER)]
Filter = Annotated[
    _Conditions,
    Field(description='Conditions on fields: {">price": 100, "@id": [1, 2]}; prefixes = != > >= < <= @ !@ % !%'),
]
Order = Annotated[_Order, Field(description='{"id": "desc"}')]
Select = Annotated[list[str], BeforeValidator(_from_json), Field(description="Fields to give", max_length=100)]
Start = Annotated[_Integer, Field(ge=0, le=MAX_ID, description="Offset, in steps of 50: `next` of the page before")]


class RowFields(TypedDict, total=False):
    """What can be written into a product row (facts.md §7.1). Prices are per unit in the owner's currency."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    productId: Annotated[
        _Integer, Field(ge=0, le=MAX_ID, description="Catalog product (offer) id; 0 or none for a free row")
    ]
    productName: Annotated[str, Field(min_length=1, max_length=255, description="Default: the catalog's name")]
    price: Annotated[
        _Decimal, Field(ge=0, le=10**12, description="Final unit price, discount and tax included; default 0")
    ]
    quantity: Annotated[_Decimal, Field(ge=Decimal("0.0001"), le=10**9, description="Default 1")]
    discountTypeId: Annotated[Literal[1, 2], BeforeValidator(_no_flag), Field(description="1 sum, 2 percent")]
    discountRate: Annotated[_Decimal, Field(ge=0, le=100, description="Percent already taken off the price")]
    discountSum: Annotated[_Decimal, Field(ge=0, le=10**12, description="Per unit, without tax")]
    taxRate: Annotated[
        _Decimal | None, WithJsonSchema({"type": "number"}), Field(ge=0, le=100, description="Percent; null for no tax")
    ]
    taxIncluded: Annotated[Flag, Field(description="Send Y with a taxRate: with N payments leave the tax out")]
    taxName: Annotated[str, Field(max_length=100, description="Label of the tax")]
    measureCode: Annotated[_Integer, Field(ge=1, le=MAX_ID, description="796 pcs, 6 m, 166 kg, …")]
    sort: Annotated[_Integer, Field(ge=0, le=MAX_ID, description="Position")]


class Row(RowFields, total=False):
    """A row of `productrow_set`."""

    id: Annotated[_Integer, _id("Existing row to keep")]


Rows = Annotated[
    list[Row],
    BeforeValidator(_from_json),
    Field(max_length=500, description="All rows the object shall have; [] removes all"),
]
