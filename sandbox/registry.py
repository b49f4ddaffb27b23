"""The table of REST methods that the portal answers, and what a method sees and gives.

A method is a function under `@method`. Its signature is what the portal's argument binder checks before anything
else (facts.md §2.4): `int`, `str`, `dict[str, Any]` and `list[Any]` parameters are cast or refused with code 100,
`Any` is taken as it comes, a parameter without a default is required. A parameter named in capitals (`FILTER`) is found
in any case, as old-style methods find theirs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from .access import User
    from .profile import Profile
    from .store import Store

Function = TypeVar("Function", bound=Callable[..., object])


class Refusal(Exception):
    """What the portal answers instead of a result: nothing was changed."""

    def __init__(self, code: str, text: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.status = status


@dataclass(frozen=True, slots=True)
class Page:
    """A result of a paginated list method: the envelope carries `total` and `next` beside it when they are not None."""

    result: object
    total: int | None = None
    next: int | None = None

    def under(self, key: str) -> Page:
        """The same page as most methods give it: with its list under a key."""
        return Page({key: self.result}, self.total, self.next)


@dataclass(frozen=True, slots=True)
class Call:
    """What a method knows of the call that it answers."""

    store: Store
    user: User
    scopes: frozenset[str]
    profile: Profile
    now: datetime
    """The portal's clock, with the portal's offset."""
    address: str
    """Where people reach this portal, as `http://127.0.0.1:8024`, without a slash at the end."""
    application: str = ""
    """The client id of the application that calls; empty for a webhook."""


@dataclass(frozen=True, slots=True)
class Method:
    """One REST method of the portal."""

    name: str
    scope: str
    writes: bool
    function: Callable[..., object]
    parameters: tuple[inspect.Parameter, ...]
    """The function's parameters without the first, which takes the `Call`."""


METHODS: dict[str, Method] = {}
"""By lower-case name, as the portal looks them up."""


def method(name: str, *, scope: str = "crm", writes: bool = False) -> Callable[[Function], Function]:
    """Register a function as the REST method `name`. `writes` opens a transaction that a `Refusal` rolls back."""

    def register(function: Function) -> Function:
        _, *parameters = inspect.signature(function, eval_str=True).parameters.values()
        METHODS[name.lower()] = Method(name, scope, writes, function, tuple(parameters))
        return function

    return register
