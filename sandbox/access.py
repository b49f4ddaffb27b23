"""Who may do what on the portal: users, their rights, and what a webhook or an application may use in their name."""

from __future__ import annotations

from dataclasses import dataclass

SCOPES = (
    "catalog",
    "crm",
    "delivery",
    "pay_system",
    "sale",
    "salescenter",
    "user",
    "user_basic",
    "user_brief",
)
"""Every scope of the portal, beside `basic`, which is always granted (facts.md §4.3)."""

_WIDER = {"user": frozenset({"user_basic", "user_brief"})}
"""Scopes that open the methods of another one, too: `user.current` answers to three."""


@dataclass(frozen=True, slots=True)
class User:
    """A person of the portal and what that person may do (facts.md §4.4)."""

    id: int
    name: str
    last_name: str
    email: str
    admin: bool = False
    reads_crm: bool = True
    changes_crm: bool = True
    """Also needed for the payments and deliveries of an order."""
    reads_store: bool = True
    changes_store: bool = True
    """The online store's rights: order bindings ask for them."""
    active: bool = True


ADMINISTRATOR = User(1, "Anna", "Miller", "anna.miller@shop.example", admin=True)
MANAGER = User(2, "Tom", "Baker", "tom.baker@shop.example", changes_crm=False, changes_store=False)
"""May look at everything but the administrator's lists, and change nothing."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a call is made with: a webhook or an application's token, acting for a user."""

    name: str
    """`webhook administrator`, `application till`: never a secret."""
    user: User
    scopes: frozenset[str]
    application: str = ""
    """The client id; empty for a webhook."""

    @property
    def label(self) -> str:
        """Name the person and what the call came by."""
        return f"{self.user.name} {self.user.last_name} ({self.name})"

    def grants(self, scope: str) -> bool:
        """Say whether methods of this scope may be called."""
        return scope == "basic" or scope in self.scopes or bool(_WIDER.get(scope, frozenset()) & self.scopes)
