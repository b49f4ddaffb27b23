"""Carrying out one call: may it run, are its arguments right, and then its method in a transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .access import Access
from .binder import bind
from .envelope import Timing
from .journal import Carried
from .registry import METHODS, Call, Method, Refusal
from .system_errors import system_error

if TYPE_CHECKING:
    from .portal import Portal

logger = logging.getLogger(__name__)


def find(access: Access, name: str) -> Method:
    """Give the method with that name, in any case. Raises `Refusal` when there is none or its scope is not granted."""
    method = METHODS.get(name.lower())
    if method is None:
        raise system_error("ERROR_METHOD_NOT_FOUND")
    if not access.grants(method.scope):
        token = "access" if access.application else "webhook"
        text = f"The request requires higher privileges than provided by the {token} token"
        raise system_error("insufficient_scope", text)
    return method


async def carry_out(portal: Portal, access: Access, name: str, parameters: dict[str, Any]) -> tuple[object, Timing]:
    """Answer a call, after the time that its method takes. Raises `Refusal`; then nothing was changed."""
    start = portal.clock.now()
    method = find(access, name)
    if portal.limits.exhausted(access.name, method.name, start.timestamp()):
        raise system_error("OPERATION_TIME_LIMIT")
    arguments = bind(method, parameters)
    seconds = portal.seconds_of(method.name)
    if seconds:
        await portal.pause(seconds)
        portal.limits.spend(access.name, method.name, seconds, portal.clock.timestamp())
    result = perform(portal, access, method, arguments)
    return result, timing(portal, access, start, method.name)


def timing(portal: Portal, access: Access, start: datetime, method: str) -> Timing:
    """Say how long a call took that began at `start`; and its operating time, where the portal counts or limits it."""
    finish = portal.clock.now()
    if not portal.profile.operating_time and portal.limits.operating is None:
        return Timing(start, finish)
    return Timing(start, finish, *portal.limits.spent(access.name, method, finish.timestamp()))


def perform(portal: Portal, access: Access, method: Method, arguments: dict[str, Any]) -> object:
    """Run a method with bound arguments, all or nothing. Raises `Refusal`."""
    call = Call(
        portal.store,
        access.user,
        access.scopes,
        portal.profile,
        portal.clock.now(),
        portal.address,
        access.application,
    )
    try:
        with portal.store.transaction():
            result = method.function(call, **arguments)
    except Refusal:
        raise
    except Exception:
        logger.exception("%s failed", method.name)
        raise system_error("INTERNAL_SERVER_ERROR") from None
    if method.writes and portal.keep_ledger:
        portal.ledger.append(Carried(method.name, arguments, result, access.name))
    return result
