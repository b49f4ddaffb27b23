"""Who may do what on the portal: users, their rights, and the webhooks and applications that act for them."""

from __future__ import annotations

from dataclasses import dataclass


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
