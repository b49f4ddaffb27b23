"""The portal's error codes, and which error each becomes (facts.md §2.3, §7, §12.1).

Codes come as strings, numbers, numbers in strings, or empty; they are compared as strings. Where the code says nothing
(`0`, empty), the fixed English texts decide; localised texts are never relied on.
"""

from __future__ import annotations

from .errors import (
    AccessDenied,
    AuthorizationFailed,
    Conflict,
    InvalidArgument,
    LimitReached,
    MethodMissing,
    NotFound,
    PortalError,
    Refusal,
    ScopeMissing,
    ServerFailure,
    TokenExpired,
    UnsupportedType,
)

_PLAN = "The portal's plan does not include REST; its administrator can change that."

CODES: dict[str, tuple[type[Refusal], str | None]] = {
    "100": (InvalidArgument, None),
    "INVALID_ARG_VALUE": (InvalidArgument, None),
    "REQUIRED_ARG_MISSING": (InvalidArgument, None),
    "ERROR_CHECK_FAILURE": (InvalidArgument, None),
    "201640400001": (InvalidArgument, None),
    "201640400002": (InvalidArgument, None),
    "201640400003": (InvalidArgument, None),
    "NOT_FOUND": (NotFound, None),
    "OWNER_NOT_FOUND": (NotFound, "Find the deal or invoice with item_list."),
    "200540400001": (NotFound, "Check the order id; orderentity_list shows the bound ones."),
    "200640400001": (NotFound, "Find the payment with payment_list."),
    "201640400004": (NotFound, "See the bindings that exist with orderentity_list."),
    "200540400002": (MethodMissing, None),
    "ENTITY_TYPE_NOT_SUPPORTED": (UnsupportedType, None),
    "ACCESS_DENIED": (AccessDenied, None),
    "200040300010": (AccessDenied, None),
    "200040300020": (AccessDenied, None),
    "201650000001": (Conflict, "The binding exists already; nothing is left to do."),
    "SALE_PAYMENT_DELETE_EXIST_PAID": (Conflict, "Set the payment unpaid with payment_unpay first."),
    "SALE_PAYMENT_NOT_ALLOWED_CHANGE_SUM": (Conflict, "Set the payment unpaid with payment_unpay first."),
    "SALE_ORDER_PAID_ORDER_CANCELED": (Conflict, "The order is cancelled: restore it on the portal first."),
    "SALE_BASKET_ITEM_REMOVE_IMPOSSIBLE_BECAUSE_SHIPPED": (Conflict, "The row is shipped: undo the shipment first."),
    "ERROR_METHOD_NOT_FOUND": (MethodMissing, None),
    "ERROR_BATCH_METHOD_NOT_ALLOWED": (MethodMissing, None),
    "NO_AUTH_FOUND": (AuthorizationFailed, None),
    "invalid_token": (AuthorizationFailed, None),
    "authorization_error": (AuthorizationFailed, None),
    "INVALID_CREDENTIALS": (
        AuthorizationFailed,
        "The webhook's user is inactive or lacks the right: ask the administrator.",
    ),
    "user_access_error": (AuthorizationFailed, "The administrator must give this user access to the application."),
    "allowed_only_intranet_user": (AccessDenied, None),
    "APPLICATION_NOT_FOUND": (AuthorizationFailed, None),
    "PORTAL_DELETED": (AuthorizationFailed, "This portal no longer exists; set BITRIX24_WEBHOOK_URL to another."),
    "PAYMENT_REQUIRED": (AccessDenied, _PLAN),
    "INVALID_REQUEST": (InvalidArgument, "Use the portal's https address."),
    "expired_token": (TokenExpired, None),
    "insufficient_scope": (ScopeMissing, None),
    "QUERY_LIMIT_EXCEEDED": (LimitReached, None),
    "OVERLOAD_LIMIT": (LimitReached, "The portal blocked REST because of overload; wait some minutes, do not hammer."),
    "OPERATION_TIME_LIMIT": (LimitReached, "The method used up its operating time; wait up to ten minutes."),
}

_TEXTS: tuple[tuple[str, type[Refusal], str | None], ...] = (
    ("insufficient permissions", AccessDenied, None),
    ("access denied", AccessDenied, None),
    ("payment has not been found", NotFound, "Find the payment with payment_list."),
    ("payable item has not been found", NotFound, "Find the item with payment_product_list or payment_delivery_list."),
    ("payment system has not been found", NotFound, "Check paySystemId against the portal's payment systems."),
    ("delivery has not been found", NotFound, "Find the delivery with delivery_list."),
    ("shipment was not found", NotFound, "Find the delivery with delivery_list of the same deal."),
    ("delivery item not found", NotFound, "Find the delivery with delivery_list of the same deal."),
    ("product was not found", NotFound, "See what can be billed with productrow_get_available_for_payment."),
    ("product not found", NotFound, "See what can be billed with productrow_get_available_for_payment."),
    ("insufficient product", Conflict, "See what can be billed with productrow_get_available_for_payment."),
    ("does not exist", NotFound, "Find the deal or invoice with item_list."),
    ("order binding has not been found", Conflict, "Bind the payment's order with orderentity_add first."),
    ("cannot create payment for this entity", UnsupportedType, None),
    ("unknown entity type", UnsupportedType, None),
    ("does not support links with catalog products", UnsupportedType, None),
    ("does not support multiple orders", Conflict, "Several orders are bound to the object; see orderentity_list."),
    (
        "create more payments on your current plan",
        Conflict,
        "The portal's plan limits payments: ask its administrator.",
    ),
    ("required fields", InvalidArgument, None),
    ("parameter id must be integer", InvalidArgument, None),
    ("empty fields", InvalidArgument, None),
    ("must be greater than zero", InvalidArgument, None),
    (
        "public url is not available",
        Conflict,
        "The portal has no online store or site for payment pages: ask its administrator.",
    ),
    ("not found", NotFound, None),
)


def refused(code: object, description: str, *, status: int, writes: bool) -> PortalError:
    """The error for a portal's error answer, by its code first and its HTTP status second.

    A 5xx whose code does not prove that the portal turned the request away unexecuted leaves a write's outcome unknown.
    """
    text = str(code)
    if text in CODES:
        kind, recovery = CODES[text]
        if text == "ACCESS_DENIED" and status == 403:
            recovery = _PLAN if "plan" in description.lower() or "subscription" in description.lower() else None
        return kind(text, description, recovery=recovery, status=status)
    if status >= 500:
        return ServerFailure(text, description or f"HTTP {status}", writes=writes, status=status)
    lowered = description.lower()
    for part, kind, recovery in _TEXTS:
        if part in lowered:
            return kind(text, description, recovery=recovery, status=status)
    if text.startswith("CRM_PRODUCTROW_NORMALIZATION_"):
        return InvalidArgument(text, description, status=status)
    return Refusal(text, description, status=status)
