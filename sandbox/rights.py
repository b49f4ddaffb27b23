"""Who may call what: the rights of the calling user, and how each family of methods refuses (facts.md §4.4)."""

from __future__ import annotations

from .registry import Call, Refusal


def require_reading(call: Call) -> None:
    """Refuse a user who may not read CRM objects."""
    if not call.user.reads_crm:
        raise Refusal("ACCESS_DENIED", "Access denied")


def require_changing(call: Call) -> None:
    """Refuse a user who may not change CRM objects."""
    if not call.user.changes_crm:
        raise Refusal("ACCESS_DENIED", "Access denied")


def payment_denied(call: Call) -> Refusal:
    """How payments and deliveries refuse: the classic generation has no code of its own for it."""
    if call.profile.integer_codes:
        return Refusal("0", "Insufficient permissions")
    return Refusal("ACCESS_DENIED", "Access denied")


def require_payment_reading(call: Call) -> None:
    """Refuse a user who may not see payments and deliveries."""
    if not call.user.reads_crm:
        raise payment_denied(call)


def require_payment_changing(call: Call) -> None:
    """Refuse a user who may not change payments and deliveries."""
    if not call.user.changes_crm:
        raise payment_denied(call)


def require_store_reading(call: Call) -> None:
    """Refuse a user without the online store's right to look."""
    if not call.user.reads_store:
        raise Refusal("200040300010", "Access Denied")


def require_store_changing(call: Call) -> None:
    """Refuse a user without the online store's right to change."""
    if not call.user.changes_store:
        raise Refusal("200040300020", "Access Denied")


def require_store_administrator(call: Call) -> None:
    """Refuse everybody but an administrator: `sale.*`."""
    if not call.user.admin:
        raise Refusal("200040300010", "Access Denied")


def require_settings(call: Call) -> None:
    """Refuse everybody who may not change the CRM's settings: old-style lists of payment systems and deliveries."""
    if not call.user.admin:
        raise Refusal("ACCESS_DENIED", "Access denied!", status=403)
