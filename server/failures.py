"""What a model reads when a tool gave no result: the reason, what was not done, whether to try again, what next."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ..rest import Outcome, PortalError
from ..rest.errors import AccessDenied, OutcomeUnknown
from ..tools import Operation
from ..tools.tables import line

_LOCKED_WHEN_PAID = ("payment_product", "payment_delivery")
_PAID = "Look at the payment: while it is paid its items are locked. If it is not, ask the administrator for the right."


def refused_arguments(operation: Operation[...], reason: str) -> str:
    """The call never left this server."""
    what = f"INVALID_ARGUMENTS: {line(reason)}"
    return _text(what, _undone(operation), "The same call again will fail again.", "Correct the arguments.")


def portal_failure(operation: Operation[...], error: PortalError) -> str:
    """The portal refused, could not be reached, or its answer was lost."""
    what = f"{line(error.code) or 'ERROR'}: {line(error.description) or 'the portal gave no reason'}"
    if error.outcome is Outcome.UNKNOWN:
        said = "" if isinstance(error, OutcomeUnknown) else "OUTCOME UNKNOWN: "
        done = f"{said}{operation.name} may or may not have been carried out."
        again = "Do not repeat it before you know."
    elif error.outcome is Outcome.APPLIED:
        done, again = f"{operation.name} WAS carried out.", "Do not repeat it."
    else:
        done = _undone(operation)
        again = "Trying again later can help." if error.retryable else "The same call again will fail again."
    locked = isinstance(error, AccessDenied) and operation.declaration.toolset in _LOCKED_WHEN_PAID
    return _text(what, done, again, _PAID if locked else error.recovery)


def defect(operation: Operation[...], error: Exception, *, sent: bool) -> str:
    """A mistake in this server: only its kind is told, its text may hold anything."""
    writes = sent and operation.declaration.effect.writes
    done = f"OUTCOME UNKNOWN: {operation.name} may have been carried out." if writes else _undone(operation)
    again = "Read the record back before you repeat it." if writes else "Trying again is unlikely to help."
    what = f"INTERNAL_ERROR: a defect in this server ({type(error).__name__})"
    return _text(what, done, again, "Report it with the server's log.")


def withheld(name: str, reason: str) -> str:
    """A tool that exists but is not offered here."""
    return _text(
        f"NOT_AVAILABLE: {name} is switched off: {reason}", "Nothing was changed.", "", "Ask whoever runs this server."
    )


def unknown_tool(name: str, known: Iterable[str]) -> str:
    """There is no tool of this name."""
    similar = ", ".join(get_close_matches(name, list(known)))
    following = f"Similar ones: {similar}." if similar else "See the list of tools."
    what = f"UNKNOWN_TOOL: there is no tool {line(name[:60])!r}"
    return _text(what, "Nothing was done.", "The same call again will fail again.", following)


def _undone(operation: Operation[...]) -> str:
    return "Nothing was changed." if operation.declaration.effect.writes else "Nothing was read."


def _text(what: str, done: str, again: str, following: str) -> str:
    head = what if what.endswith((".", "!", "?")) else f"{what}."
    return " ".join(part for part in (head, done, again, f"Next: {following}" if following else "") if part)
