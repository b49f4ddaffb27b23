"""The customer's page behind a payment link: what is to be paid, and the button that pays."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from ..numbers import whole
from ..payment_link import payment_by_access, payment_by_short_code, payment_link, public_path
from ..payments import pay
from ..registry import Refusal
from .log import CUSTOMER_PAID
from .payment_contents import contents
from .rendering import HEADERS, page, problem

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ..portal import Portal

MOST_LINES = 200


def follow_short_link(portal: Portal, request: Request) -> Response:
    """Lead from a short link to the page."""
    payment = payment_by_short_code(portal.store, request.path_params["code"])
    return RedirectResponse(public_path(payment), 302, HEADERS) if payment else _no_payment(portal)


def payment_page(portal: Portal, request: Request) -> Response:
    """Show a payment to whoever has its link; a POST to the same address pays it."""
    payment = _payment(portal, request)
    if payment is None:
        return _no_payment(portal)
    if request.method != "POST":
        return _shown(portal, payment)
    try:
        with portal.store.transaction():
            pay(portal.store, payment, None, portal.clock.now())
    except Refusal as refusal:
        return _shown(portal, payment, refusal.text)
    told = {"orderId": payment["order_id"], "paymentId": payment["id"]}
    portal.journal.record(portal.clock.now(), CUSTOMER_PAID, told, b"", 303, user="the customer", by_rest=False)
    return RedirectResponse(public_path(payment), 303, HEADERS)


def _payment(portal: Portal, request: Request) -> sqlite3.Row | None:
    query = request.query_params
    try:
        payment_id, order_id = whole(query.get("paymentId")), whole(query.get("orderId"))
    except (ValueError, OverflowError):
        return None
    payment = payment_by_access(portal.store, payment_id, query.get("access", ""))
    return payment if payment and payment["order_id"] == order_id else None


def _shown(portal: Portal, payment: sqlite3.Row, refused: str = "") -> Response:
    return page(
        portal,
        "payment.html",
        status=409 if refused else 200,
        payment=payment,
        contents=contents(portal.store, [payment["id"]], MOST_LINES)[payment["id"]],
        path=public_path(payment),
        link=payment_link(portal.address, payment),
        refused=refused,
    )


def _no_payment(portal: Portal) -> Response:
    return problem(portal, 404, "No such payment", "Check the link, or ask the shop for a new one.")
