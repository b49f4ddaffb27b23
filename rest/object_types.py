"""The kinds of CRM objects, their three names each, and which family of methods takes them (facts.md §5)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of CRM object."""

    id: int
    """`entityTypeId`, `ownerTypeId`"""
    code: str
    """`ownerType`: the short code, in its canonical form"""
    name: str
    takes_rows: bool = False
    takes_payments: bool = False

    @property
    def label(self) -> str:
        """How a person calls it: `deal`, `new invoice`, `smart process T9c`."""
        return self.name.lower().replace("_", " ") if self.id < 128 else f"smart process {self.code}"


OBJECT_TYPES = (
    ObjectType(1, "L", "LEAD", takes_rows=True),
    ObjectType(2, "D", "DEAL", takes_rows=True, takes_payments=True),
    ObjectType(3, "C", "CONTACT"),
    ObjectType(4, "CO", "COMPANY"),
    ObjectType(5, "I", "INVOICE"),
    ObjectType(7, "Q", "QUOTE", takes_rows=True),
    ObjectType(8, "RQ", "REQUISITE"),
    ObjectType(14, "O", "ORDER"),
    ObjectType(31, "SI", "SMART_INVOICE", takes_rows=True, takes_payments=True),
    ObjectType(36, "DO", "SMART_DOCUMENT"),
    ObjectType(39, "SBD", "SMART_B2E_DOC"),
)
_NAMED: dict[str, ObjectType] = {
    key: kind for kind in OBJECT_TYPES for key in (kind.code, kind.name, kind.name.replace("_", ""), str(kind.id))
}
_SMART_PROCESS = re.compile(r"T([0-9A-F]{2,8})|DYNAMIC_(\d{1,9})|(\d{1,9})")


def _is_smart_process(id: int) -> bool:
    return 128 <= id <= 191 or (id >= 1030 and id % 2 == 0)


def object_type(value: str | int) -> ObjectType:
    """The object type meant by `D`, `deal`, `DEAL`, `2`, `"2"`, `T9c` or `DYNAMIC_156`.

    Raises:
        ValueError: No such type; the message lists those that the commerce methods take.

    """
    text = str(value).strip().upper().replace(" ", "_")
    if text in _NAMED:
        return _NAMED[text]
    if match := _SMART_PROCESS.fullmatch(text):
        code, *ids = match.groups()
        id = int(code, 16) if code else int(ids[0] or ids[1])
        if _is_smart_process(id):
            return ObjectType(id, f"T{id:x}", f"DYNAMIC_{id}", takes_rows=True)
    raise ValueError(
        f"there is no CRM object type {str(value)[:40]!r}; use D (2) deal, SI (31) new invoice, "
        "L (1) lead, Q (7) quote, or T and the hexadecimal id of a smart process (T9c is 156)"
    )
