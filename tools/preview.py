"""What a guarded tool would do, made from the portal's present state, for a person to agree to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preview:
    """The consequences of a call, before it is made."""

    title: str
    """One line: what would happen, to what."""
    changes: list[str] = field(default_factory=list[str])
    """Line by line what goes or changes, before → after, with amounts."""
    consequences: list[str] = field(default_factory=list[str])
    """What follows from it elsewhere."""
    undo: str = "Cannot be undone."

    @property
    def text(self) -> str:
        """The preview as a person reads it."""
        lines = [self.title, *(f"- {line}" for line in self.changes), *(f"Then: {line}" for line in self.consequences)]
        return "\n".join([*lines, f"Undo: {self.undo}"])

    def json_object(self) -> dict[str, Any]:
        """The preview as structured content."""
        return {"title": self.title, "changes": self.changes, "consequences": self.consequences, "undo": self.undo}


PREVIEW_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "changes": {"type": "array", "items": {"type": "string"}},
        "consequences": {"type": "array", "items": {"type": "string"}},
        "undo": {"type": "string"},
    },
}
