"""The kinds of CRM objects and what the commerce methods do with each of them (facts.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .store import Store

DEAL = 2
OLD_INVOICE = 5
INVOICE = 31


class Rows(Enum):
    """What `crm.item.productrow.*` does with a kind of object."""

    KEPT = "kept"
    EMPTY = "reads give nothing, writes are refused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of CRM object."""

    id: int
    """`entityTypeId`"""
    name: str
    """`entityTypeName`, in capitals"""
    code: str
    """`ownerType`: the short code"""
    title: str
    rows: Rows = Rows.KEPT
    payments: bool = False
    listed: bool = True
    """Whether `crm.item.*` knows it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One CRM object as the rules see it."""

    type: ObjectType
    id: int
    currency: str
    company_id: int | None
    contact_id: int | None
    total_by_hand: bool
    """`isManualOpportunity`: the total is what a person entered."""


SYSTEM_TYPES = (
    ObjectType(1, "LEAD", "L", "Lead"),
    ObjectType(DEAL, "DEAL", "D", "Deal", payments=True),
    ObjectType(3, "CONTACT", "C", "Contact", Rows.EMPTY),
    ObjectType(4, "COMPANY", "CO", "Company", Rows.EMPTY),
    ObjectType(OLD_INVOICE, "INVOICE", "I", "Invoice (old version)", Rows.REFUSED, listed=False),
    ObjectType(7, "QUOTE", "Q", "Estimate"),
    ObjectType(8, "REQUISITE", "RQ", "Details", Rows.REFUSED, listed=False),
    ObjectType(14, "ORDER", "O", "Order", Rows.REFUSED, listed=False),
    ObjectType(INVOICE, "SMART_INVOICE", "SI", "Invoice", payments=True),
    ObjectType(36, "SMART_DOCUMENT", "DO", "Document", Rows.REFUSED, listed=False),
    ObjectType(39, "SMART_B2E_DOC", "SBD", "Company document", Rows.REFUSED, listed=False),
)
_BY_ID = {type.id: type for type in SYSTEM_TYPES}
_BY_CODE = {type.code: type for type in SYSTEM_TYPES}


def type_by_id(store: Store, id: int) -> ObjectType | None:
    """Return a kind of object: a system type, or a smart process that exists on this portal."""
    return _BY_ID.get(id) or _smart_type(store, id)


def type_by_code(store: Store, code: str) -> ObjectType | None:
    """Return the kind of object behind a short code, in any case: `D`, `si`, `T9c`."""
    if system_type := _BY_CODE.get(code.upper()):
        return system_type
    digits = code[1:]
    if code[:1] not in ("T", "t") or not digits.isascii() or not digits.isalnum() or len(digits) > 8:
        return None
    try:
        return _smart_type(store, int(digits, 16))
    except ValueError:
        return None


def all_types(store: Store) -> list[ObjectType]:
    """Return the system types and the portal's smart processes."""
    smart = store.all("SELECT entity_type_id FROM smart_type ORDER BY entity_type_id")
    return [*SYSTEM_TYPES, *(type for (id,) in smart if (type := _smart_type(store, id)))]


def find_owner(store: Store, type: ObjectType, id: int) -> Owner | None:
    """Return a CRM object, or None when there is none of that id."""
    item = store.one("SELECT * FROM item WHERE entity_type_id = ? AND id = ?", type.id, id)
    if item is None:
        return None
    return Owner(
        type,
        id,
        currency=item["currency_id"],
        company_id=item["company_id"],
        contact_id=item["contact_id"],
        total_by_hand=item["is_manual_opportunity"] == "Y",
    )


def _smart_type(store: Store, id: int) -> ObjectType | None:
    record = store.one("SELECT * FROM smart_type WHERE entity_type_id = ?", id)
    if record is None:
        return None
    rows = Rows.KEPT if record["has_products"] == "Y" else Rows.REFUSED
    return ObjectType(id, f"DYNAMIC_{id}", f"T{id:x}", record["title"], rows)
