"""The links under which a customer finds a payment: a public page, its short address, and that one as a QR code."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import string
from base64 import b64encode
from dataclasses import dataclass

from .store import Store

ALPHABET = string.ascii_letters + string.digits
SHORT = 5
QR_PIXELS = 380


@dataclass(frozen=True, slots=True)
class PaymentAccess:
    """The two secrets that open a payment's page."""

    hash: str
    """In the full link; 32 hexadecimal digits."""
    short_code: str
    """In the short link, after the tilde."""


def new_access(store: Store, payment_id: int) -> PaymentAccess:
    """Draw the secrets of a new payment from the portal's stored secret `payment_links`."""
    attempt = 0
    while True:
        drawn = f"{store.setting('payment_links') or ''}:{payment_id}:{attempt}"
        digest = hashlib.sha256(drawn.encode()).digest()
        short_code = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[16 : 16 + SHORT])
        if payment_by_short_code(store, short_code) is None:
            return PaymentAccess(digest[:16].hex(), short_code)
        attempt += 1


def payment_by_short_code(store: Store, short_code: str) -> sqlite3.Row | None:
    """Return the payment behind a short link."""
    return store.one("SELECT * FROM payment WHERE short_code = ?", short_code)


def payment_by_access(store: Store, payment_id: int, access: str) -> sqlite3.Row | None:
    """Return the payment of a full link, or None when the access does not belong to it."""
    return store.one("SELECT * FROM payment WHERE id = ? AND access = ?", payment_id, access)


def public_path(payment: sqlite3.Row) -> str:
    """Return the path and query of a payment's public page."""
    query = f"orderId={payment['order_id']}&access={payment['access']}&paymentId={payment['id']}"
    return f"/pub/site/10/oformleniezakaza/?{query}"


def payment_link(address: str, payment: sqlite3.Row) -> dict[str, str]:
    """Return `url`, `shortUrl`, and `qr`, the base64 of a PNG, as `salescenter.payment.getPublicUrl` does."""
    short_url = f"{address}/~{payment['short_code']}"
    return {"url": address + public_path(payment), "shortUrl": short_url, "qr": b64encode(qr_code(short_url)).decode()}


def qr_code(text: str) -> bytes:
    """Return a PNG of a QR code, about 380 pixels wide."""
    import segno  # Only who asks for a link needs it.

    code = segno.make_qr(text)
    image = io.BytesIO()
    code.save(image, kind="png", scale=QR_PIXELS // code.symbol_size()[0])
    return image.getvalue()
