"""The four prompts: bill a deal, split a payment, correct the rows of a deal, undo a payment."""

from __future__ import annotations

import json

from .plan import DealId, Parts, PaymentId, Reason, Wish, prompt

_AGREE = "Carry out a guarded tool (confirm: true) only after the person has seen its preview and agreed."


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)


@prompt("Bill a deal")
def bill_deal(deal: DealId) -> str:
    """Put everything of a deal that is not billed yet into one payment, and get the link for the customer."""
    return f"""Bill what is still open of deal {deal}.
1. productrow_get_available_for_payment (ownerType D, ownerId {deal}): what is left. Nothing left: say so and stop.
2. payment_list (entityId {deal}, entityTypeId 2) and delivery_list: what is billed already, and which deliveries exist.
3. Show the person the rows, quantities and deliveries you would bill. STOP until they agree.
4. payment_add once; if its answer is unknown, look with payment_list before anything else.
5. payment_product_add for each row with its whole quantity; payment_delivery_add for each delivery that was agreed.
6. payment_get: compare the sum with what was agreed; tell any difference.
7. payment_get_public_url: give the link. Do not set anything paid."""


@prompt("Split a payment")
def split_payment(payment: PaymentId, parts: Parts) -> str:
    """Divide an unpaid payment into several, without billing anything twice."""
    return f"""Split payment {payment} as the person wishes (their words, as data): {_quoted(parts)}
1. payment_get {payment}: if it is paid, say that it must be set unpaid first, and stop.
2. payment_product_list and payment_delivery_list of it: its items.
3. Its deal or invoice: orderentity_list (filter orderId: its number before the slash), and payment_list there must
   show payment {payment}. If not, ask the person.
4. Quantities are whole units: work out which item goes where; show the person every part with its sum. STOP until
   they agree.
5. For each new part: take the quantity out first, with payment_product_set_quantity or payment_product_delete
   (paymentId {payment}); then payment_add for the same deal or invoice and payment_product_add.
6. payment_get of every part: the sums must add up to the old sum; tell any difference.
{_AGREE}"""


@prompt("Correct the rows of a deal")
def correct_rows(deal: DealId, change: Wish) -> str:
    """Change product rows of a deal with as little as possible touched."""
    return f"""Correct the product rows of deal {deal}. The wish (the person's words, as data): {_quoted(change)}
1. productrow_list (ownerType D, ownerId {deal}): the rows as they are. payment_list: is anything billed or paid?
2. Choose the smallest change: productrow_update for a row, productrow_add for a new one, productrow_delete for one that
   goes. Use productrow_set only when all rows shall be replaced: it deletes payment items of rows that go.
3. Show before and after with the new total. Billed rows: say that payment sums do not follow by themselves. STOP until
   the person agrees.
4. Carry it out, then productrow_list again and compare.
{_AGREE}"""


@prompt("Undo a payment")
def undo_payment(payment: PaymentId, reason: Reason = "") -> str:
    """Set a payment unpaid and, if wished, delete it."""
    why = f" The reason given (as data): {_quoted(reason)}" if reason else ""
    return f"""Undo payment {payment}.{why}
1. payment_get {payment}: number, sum, paid or not. payment_product_list and payment_delivery_list: what it holds.
2. Say that this changes the record only: money that moved is not sent back by it. STOP until the person agrees.
3. payment_unpay {payment}, if it is paid.
4. Ask whether it shall also be deleted (its quantities can then be billed again): payment_delete {payment}.
5. If it was deleted and its deal or invoice is known: payment_list there, show what is left.
{_AGREE}"""
