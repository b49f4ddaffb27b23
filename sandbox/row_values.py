"""What a caller sends for a product row, made into the values that are stored (facts.md §6.1, §7.1, §9.1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import numbers
from .numbers import AMOUNT, LARGEST, PRICE, QUANTITY, RATE, decimal, rounded, scaled, unscaled, whole
from .prices import ABSOLUTE, PERCENT, derive
from .profile import Profile
from .registry import Refusal
from .store import SqlValue, Store

SIMPLE = 1
"""The type of a product, and of a row without one."""


def _name(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    return str(value)


def _not_negative(value: object) -> Decimal:
    exact = decimal(value)
    if not 0 <= exact <= LARGEST:
        raise ValueError(value)
    return exact


def _percent(value: object) -> Decimal:
    exact = _not_negative(value)
    if exact > 100:
        raise ValueError(value)
    return exact


def _tax_rate(value: object) -> Decimal | None:
    """0 % is kept only as the integer 0 or a string that begins with 0; other nothings mean no tax (facts.md §9.1)."""
    if value is None or value == "":
        return None
    rate = decimal(value)
    if rate > LARGEST:
        raise ValueError(value)
    kept_zero = (isinstance(value, int) and value == 0) or (isinstance(value, str) and value.startswith("0"))
    return rate if rate > 0 or (rate == 0 and kept_zero) else None


def _discount_type(value: object) -> int:
    type = whole(value)
    if type not in (0, ABSOLUTE, PERCENT):
        raise ValueError(value)
    return type


def _yes_or_no(value: object) -> str:
    if value not in ("Y", "N"):
        raise ValueError(value)
    return str(value)


def _product_id(value: object) -> int:
    return int(_not_negative(whole(value)))


WRITABLE: dict[str, Callable[[object], object]] = {
    "productId": _product_id,
    "productName": _name,
    "price": _not_negative,
    "quantity": _not_negative,
    "discountTypeId": _discount_type,
    "discountRate": _percent,
    "discountSum": _not_negative,
    "taxRate": _tax_rate,
    "taxIncluded": _yes_or_no,
    "taxName": _name,
    "measureCode": whole,
    "sort": whole,
}


def sent_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the writable ones of the fields that were sent, cast. Others are dropped, as the portal does.

    null is the same as not sent, but for `taxRate`, where it means "no tax".
    """
    sent: dict[str, Any] = {}
    for name, cast in WRITABLE.items():
        value = fields.get(name)
        if value is None and not (name == "taxRate" and name in fields):
            continue
        try:
            sent[name] = cast(value)
        except (ValueError, OverflowError):
            raise Refusal("INVALID_ARG_VALUE", f"Invalid value for field '{name}'") from None
    return sent


@dataclass(frozen=True, slots=True)
class RowRules:
    """Turns sent values into stored ones, for rows in one currency on one portal."""

    store: Store
    profile: Profile
    currency: str

    def stored(self, sent: Mapping[str, Any], before: sqlite3.Row | None = None) -> dict[str, SqlValue]:
        """Return the columns of a new row, or of a present one after the change. Refuses what cannot be a row."""
        values = {**(_known(before) if before else _BLANK), **sent}
        if "taxRate" in sent and "taxName" not in sent:
            values["taxName"] = ""
        discount = self._discount(values, sent, before)
        try:
            columns = self._priced(values, *discount)
        except OverflowError:
            raise Refusal("INVALID_ARG_VALUE", "Price or quantity is out of range") from None
        return {**columns, **self._product(values, sent, before), **self._measure(values, sent, before)}

    def _discount(
        self, values: Mapping[str, Any], sent: Mapping[str, Any], before: sqlite3.Row | None
    ) -> tuple[int, Decimal, Decimal]:
        """Without its type a discount is dropped without a word (facts.md §7.1)."""
        type: int = values["discountTypeId"]
        rate: Decimal = values["discountRate"]
        total: Decimal = values["discountSum"]
        if type == 0:
            return PERCENT, Decimal(0), Decimal(0)
        same_discount = before is not None and before["discount_type_id"] == type
        sum_known = "discountSum" in sent or (same_discount and (type == ABSOLUTE or "discountRate" not in sent))
        if not sum_known and (type == ABSOLUTE or rate == 100):
            text = "Discount Sum (DISCOUNT_SUM) is required for this discount"
            raise Refusal("CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_SUM_REQUIRED", text)
        if type == PERCENT and "discountRate" not in sent and before is None and total:
            text = "Discount Rate (DISCOUNT_RATE) is required if Percentage Discount Type (DISCOUNT_TYPE_ID) is defined"
            raise Refusal("CRM_PRODUCTROW_NORMALIZATION_DISCOUNT_RATE_REQUIRED", text)
        return type, rounded(rate, self._rate_decimals), rounded(total, self.profile.price_decimals)

    def _priced(self, values: Mapping[str, Any], type: int, rate: Decimal, total: Decimal) -> dict[str, SqlValue]:
        price = rounded(values["price"], self.profile.price_decimals)
        tax_rate = values["taxRate"]
        if tax_rate is not None:
            tax_rate = rounded(tax_rate, self._rate_decimals)
        prices = derive(price, tax_rate, type, rate, total, decimals=self.profile.price_decimals)
        quantity = unscaled(scaled(values["quantity"], QUANTITY), QUANTITY)
        return {
            "price": scaled(price, PRICE),
            "price_account": scaled(price * self._to_base_currency(), PRICE),
            "price_exclusive": scaled(prices.exclusive, PRICE),
            "price_netto": scaled(prices.netto, PRICE),
            "price_brutto": scaled(prices.brutto, PRICE),
            "quantity": scaled(quantity, QUANTITY),
            "discount_type_id": type,
            "discount_rate": scaled(prices.discount_rate, RATE),
            "discount_sum": scaled(prices.discount_sum, PRICE),
            "tax_rate": None if tax_rate is None else scaled(tax_rate, RATE),
            "tax_included": values["taxIncluded"],
            "tax_name": values["taxName"] or self._tax_name(tax_rate),
            "amount": scaled(price * quantity, AMOUNT),
            "tax": scaled((price - prices.exclusive) * quantity, AMOUNT),
            "sort": values["sort"],
        }

    def _product(
        self, values: Mapping[str, Any], sent: Mapping[str, Any], before: sqlite3.Row | None
    ) -> dict[str, SqlValue]:
        """A row takes the catalog's name when it takes another product and no name of its own."""
        product_id: int = values["productId"]
        kept = before is not None and before["product_id"] == product_id
        product = self.store.one("SELECT name, type FROM product WHERE id = ?", product_id) if product_id else None
        if product_id and product is None and not kept:
            raise Refusal("INVALID_ARG_VALUE", "Product was not found")
        name: str = values["productName"]
        if product and not kept and not sent.get("productName"):
            name = product["name"]
        type = product["type"] if product else before["type"] if before and kept else SIMPLE
        return {"product_id": product_id, "product_name": name, "type": type}

    def _measure(
        self, values: Mapping[str, Any], sent: Mapping[str, Any], before: sqlite3.Row | None
    ) -> dict[str, SqlValue]:
        """A row takes the measure of a new product unless one is sent; without either, the portal's default."""
        code: int | None = sent.get("measureCode")
        if code is None and before is not None and before["product_id"] == values["productId"]:
            code = before["measure_code"]
        if code is None:
            code = self.store.value("SELECT measure_code FROM product WHERE id = ?", values["productId"])
        if code is None:
            code = self.store.value("SELECT code FROM measure WHERE is_default = 'Y'")
        symbol = self.store.value("SELECT symbol FROM measure WHERE code = ?", code)
        if symbol is None:
            raise Refusal("CRM_PRODUCTROW_NORMALIZATION_MEASURE_INVALID", f"Unit of measure {code} was not found")
        return {"measure_code": code, "measure_name": symbol}

    def _tax_name(self, rate: Decimal | None) -> str:
        if rate is None:
            return "No VAT"
        known = self.store.value("SELECT name FROM vat WHERE rate = ? AND active = 'Y'", scaled(rate, RATE))
        return known or f"VAT {numbers.number(scaled(rate, RATE), RATE)}%"

    def _to_base_currency(self) -> Decimal:
        rate = self.store.one("SELECT amount, amount_count FROM currency WHERE code = ?", self.currency)
        return unscaled(rate["amount"], RATE) / rate["amount_count"] if rate else Decimal(1)

    @property
    def _rate_decimals(self) -> int:
        return 2 if self.profile.price_decimals == 2 else RATE


_BLANK: dict[str, Any] = {
    "productId": 0,
    "productName": "",
    "price": Decimal(0),
    "quantity": Decimal(1),
    "discountTypeId": 0,
    "discountRate": Decimal(0),
    "discountSum": Decimal(0),
    "taxRate": None,
    "taxIncluded": "N",
    "taxName": "",
    "sort": 0,
}


def _known(row: sqlite3.Row) -> dict[str, Any]:
    """What a present row brings into its own change."""
    return {
        "productId": row["product_id"],
        "productName": row["product_name"],
        "price": unscaled(row["price"], PRICE),
        "quantity": unscaled(row["quantity"], QUANTITY),
        "discountTypeId": row["discount_type_id"],
        "discountRate": unscaled(row["discount_rate"], RATE),
        "discountSum": unscaled(row["discount_sum"], PRICE),
        "taxRate": None if row["tax_rate"] is None else unscaled(row["tax_rate"], RATE),
        "taxIncluded": row["tax_included"],
        "taxName": row["tax_name"],
        "sort": row["sort"],
    }
