"""What a tool does to the records, and what follows from that."""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """A tool's effect. What nobody declared counts as destructive."""

    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    OVERWRITE = "overwrite"
    REMOVE = "remove"
    MONEY = "money"

    @property
    def writes(self) -> bool:
        """Whether the tool changes anything on the portal."""
        return self is not Effect.READ

    @property
    def destructive(self) -> bool:
        """Whether something that was there may be lost."""
        return self not in (Effect.READ, Effect.CREATE)
