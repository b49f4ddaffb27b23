"""How far a deal or an invoice is paid."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What the payments of an object come to, in cents of the object's currency."""

    total: int
    billed: int
    paid: int
    payments: int
    """How many there are, and below how many of them are paid."""
    paid_payments: int

    @property
    def words(self) -> str:
        """Say it in two words, which also name its colour."""
        if not self.payments:
            return "Not billed"
        if not self.paid_payments:
            return "Unpaid"
        return "Paid" if self.paid >= self.total else "Part paid"


STATE = """
    COUNT(payment.id) AS payments, COALESCE(SUM(payment.paid = 'Y'), 0) AS paid_payments,
    COALESCE(SUM(payment.sum), 0) AS billed, COALESCE(SUM(IIF(payment.paid = 'Y', payment.sum, 0)), 0) AS paid
"""
"""The SQL of a state, over an object's rows joined by `PAYMENTS`."""

PAYMENTS = """
    LEFT JOIN order_binding ON owner_type_id = entity_type_id AND owner_id = object.id
    LEFT JOIN payment ON payment.order_id = order_binding.order_id AND payment.currency = currency_id
"""
"""Joins an `object` to its payments. An order may be bound that is in another currency: its sums do not add up."""


def payment_state(record: sqlite3.Row) -> PaymentState:
    """Read a state from a record that `STATE` is part of."""
    return PaymentState(
        total=record["opportunity"],
        billed=record["billed"],
        paid=record["paid"],
        payments=record["payments"],
        paid_payments=record["paid_payments"],
    )
