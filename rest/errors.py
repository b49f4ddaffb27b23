"""What can go wrong between us and a portal.

    PortalError
    ├── Refusal                the portal said no before it changed anything
    │   ├── InvalidArgument      an argument is missing, of the wrong type or not acceptable
    │   ├── NotFound             the object, row, payment, item or delivery does not exist
    │   ├── UnsupportedType      this kind of CRM object cannot do that
    │   ├── AccessDenied         the user behind the connection may not do that, or the payment is paid
    │   ├── Conflict             the present state of the record does not allow it
    │   ├── MethodMissing        the portal does not know the method
    │   ├── AuthorizationFailed  the webhook or token is not, or no longer, valid
    │   │   ├── TokenExpired       an access token that can be refreshed
    │   │   ├── SignInNeeded       the tokens serve no longer: a person has to sign in anew
    │   │   └── ScopeMissing       a permission was not ticked for the webhook or application
    │   └── LimitReached         too many requests, or the method used up its operating time
    ├── Unreachable            no connection was opened: nothing was sent
    ├── Moved                  the portal lives at another address, to which we do not follow
    ├── StorageFailed          the tokens cannot be read or kept: nothing was carried out
    ├── ReplyLost              sent, but no readable answer came back: a write may have been carried out
    │   ├── NoReply              the connection broke or timed out
    │   ├── ServerFailure        HTTP 5xx
    │   └── UnreadableReply      HTML, an empty body, JSON cut off
    ├── NotCarriedOut          a write's reply was lost, and the portal's state shows that nothing was changed
    └── OutcomeUnknown         a write's reply was lost, and the portal's state does not tell what became of it

Every error owns `code`, `description`, `outcome`, `retryable` and `recovery`. No error holds an address with a secret,
a token, or an exception of the HTTP library (facts.md §2; design §5).
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What became of the change that a call asked for."""

    NOT_APPLIED = "not_applied"
    APPLIED = "applied"
    UNKNOWN = "unknown"


class PortalError(Exception):
    """A call that gave no result."""

    outcome: Outcome = Outcome.NOT_APPLIED
    retryable: bool = False
    """Whether the same call, sent again later, can succeed without anyone changing anything."""
    recovery: str = ""
    """The next thing to do, as a sentence."""

    def __init__(self, code: str, description: str, *, recovery: str | None = None, status: int | None = None) -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code
        self.description = description
        self.status = status
        if recovery is not None:
            self.recovery = recovery


class Refusal(PortalError):
    """The portal answered with an error: nothing was changed."""

    recovery = "Read the portal's message, correct the call, or ask the portal's administrator."


class InvalidArgument(Refusal):
    """An argument is missing, of the wrong type, or its value is not acceptable."""

    recovery = "Correct the argument and call again."


class NotFound(Refusal):
    """The addressed record does not exist, or is not visible to this user."""

    recovery = "List the records to find the right id."


class UnsupportedType(Refusal):
    """This kind of CRM object does not take the operation."""

    recovery = (
        "Product rows: lead, deal, quote, new invoice, smart process. Payments: deal (D, 2) or new invoice (SI, 31)."
    )


class AccessDenied(Refusal):
    """The user behind the webhook may not do that; for items of a payment also: the payment is paid."""

    recovery = "Ask the portal's administrator for the right."


class Conflict(Refusal):
    """The record's present state does not allow the operation."""

    recovery = "Read the record's present state and decide anew."


class MethodMissing(Refusal):
    """The portal does not know the method: an old version, or a module that is not installed."""

    recovery = "This portal does not offer the method; its administrator can update it or install the module."


class AuthorizationFailed(Refusal):
    """The webhook or the token is unknown, deleted, expired or belongs to an inactive user."""

    recovery = "Make a new inbound webhook on the portal and set BITRIX24_WEBHOOK_URL to it."


class TokenExpired(AuthorizationFailed):
    """The access token has expired; a refreshed one may do."""


class SignInNeeded(AuthorizationFailed):
    """There are no tokens, or the refresh token is used up, older than 180 days or revoked."""

    recovery = "Run `bitrix24-commerce-mcp login` to sign in to the portal again; a running server picks it up."


class ScopeMissing(AuthorizationFailed):
    """The webhook or application was not given the permission."""

    recovery = "Tick the missing permission (crm; salescenter for payment links) in the webhook's settings."


class LimitReached(Refusal):
    """The portal turned the request away before running it, to protect itself."""

    retryable = True
    recovery = "Wait a little, then call again."


class Unreachable(PortalError):
    """No connection was opened; nothing was sent."""

    retryable = True
    recovery = "Check the portal's address and the network, then call again."


class Moved(PortalError):
    """The portal answered with a redirect that is not followed."""

    recovery = "Find the portal's new address and set BITRIX24_WEBHOOK_URL to a webhook there."


class StorageFailed(PortalError):
    """The file or keyring with the application's tokens cannot be read, locked or written."""

    retryable = True
    recovery = "Make the place that BITRIX24_TOKEN_FILE names readable and writable, then call again."


class ReplyLost(PortalError):
    """The request was sent, and no readable answer came back.

    For a read nothing is lost. For a write the outcome is unknown until the portal's state has been read back.
    """

    def __init__(
        self, code: str, description: str, *, writes: bool, status: int | None = None, recovery: str | None = None
    ) -> None:
        super().__init__(code, description, status=status, recovery=recovery)
        self.outcome = Outcome.UNKNOWN if writes else Outcome.NOT_APPLIED
        self.retryable = not writes
        if recovery is None:
            self.recovery = (
                "Read the record back before anything else; do not repeat the call blindly."
                if writes
                else "Call again in a moment; if it stays so, check the portal in a browser."
            )


class NoReply(ReplyLost):
    """The connection broke or timed out after the request had left."""


class ServerFailure(ReplyLost):
    """The portal, or something in front of it, answered with HTTP 5xx."""


class UnreadableReply(ReplyLost):
    """The answer is not the JSON that the API promises: HTML, nothing, or cut off."""


class NotCarriedOut(PortalError):
    """A write's reply was lost; what was read back proves that it was not carried out and will not be."""

    retryable = True
    recovery = "Call again; if it stays so, check the portal in a browser."


class OutcomeUnknown(PortalError):
    """A write's reply was lost; what was read back fits more than one story. The description says what was seen."""

    outcome = Outcome.UNKNOWN
