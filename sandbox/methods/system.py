"""The methods about the portal itself and about who calls it (facts.md §8.9). All but `user.current` need no scope."""

from __future__ import annotations

from typing import Any

from ..access import SCOPES, Access
from ..registry import METHODS, Call, Refusal, method
from ..system_errors import system_error

_UNLISTED = ("crm.item.", "crm.orderentity.", "crm.type.", "salescenter.")
"""Families that `methods` keeps to itself, as the real portal does."""


@method("profile", scope="basic")
def profile(call: Call) -> dict[str, Any]:
    """Say in whose name the call is made."""
    return {
        "ID": str(call.user.id),
        "ADMIN": call.user.admin,
        "NAME": call.user.name,
        "LAST_NAME": call.user.last_name,
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "",
    }


@method("user.current", scope="user")
def user_current(call: Call) -> dict[str, Any]:
    """Say in whose name the call is made; the scope `user_brief` does not show the address."""
    found = {"ID": str(call.user.id), "ACTIVE": True, "NAME": call.user.name, "LAST_NAME": call.user.last_name}
    if call.scopes & {"user", "user_basic"}:
        found["EMAIL"] = call.user.email
    return found


@method("scope", scope="basic")
def scope(call: Call, full: bool = False) -> list[str]:
    """List the scopes that were granted or, with `full`, all that exist."""
    return sorted(SCOPES if full else call.scopes)


@method("methods", scope="basic")
def methods(call: Call, full: bool = False) -> list[str]:
    """List the methods that may be called or, with `full`, all. Many controller methods are missing, as in reality."""
    listed = [each for each in METHODS.values() if not each.name.startswith(_UNLISTED)]
    return [each.name for each in listed if full or _may(call, each.scope)]


@method("method.get", scope="basic")
def method_get(call: Call, name: str) -> dict[str, bool]:
    """Say whether a method exists. The name must be in lower case; of names with capitals it knows nothing."""
    known = METHODS.get(name)
    exists = known is not None and known.name == name
    return {"isExisting": exists, "isAvailable": exists and known is not None and _may(call, known.scope)}


@method("server.time", scope="basic")
def server_time(call: Call) -> str:
    """Tell the portal's time."""
    return call.now.isoformat(timespec="seconds")


@method("app.info", scope="basic")
def app_info(call: Call) -> dict[str, Any]:
    """Describe the application that calls; a webhook is none."""
    if not call.application:
        text = "Current authorization type is denied for this method Application context required"
        raise Refusal("WRONG_AUTH_TYPE", text, status=403)
    return {
        "ID": 1,
        "CODE": call.application,
        "VERSION": 1,
        "STATUS": "L",
        "INSTALLED": True,
        "PAYMENT_EXPIRED": "N",
        "DAYS": None,
        "LANGUAGE_ID": "en",
        "LICENSE": "en_sandbox",
    }


@method("batch", scope="basic")
def batch(call: Call) -> None:
    """Refuse a batch inside a batch: the portal answers the outer one itself."""
    raise system_error("ERROR_BATCH_METHOD_NOT_ALLOWED")


def _may(call: Call, scope: str) -> bool:
    return Access("", call.user, call.scopes).grants(scope)
