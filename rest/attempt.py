"""What is known about a write, kept as long as its outcome may be asked for again."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from .connection import Answer
from .departure import Departure
from .errors import ReplyLost
from .evidence import Records

Memory = dict[tuple[str, str], "Attempt"]
"""The writes of one operation whose outcome is known to be applied, or in doubt."""

_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@dataclass(slots=True)
class Attempt:
    """One write, sent once or twice."""

    method: str
    parameters: Mapping[str, Any]
    before: Records | None = None
    """What was there before it; None when that could not be read."""
    sends: int = 0
    departure: Departure = field(default_factory=Departure)
    """When it left; emptied when its outcome is known."""
    over_at: float = 0.0
    """The moment from which on the portal cannot be carrying it out any more."""
    loss: ReplyLost | None = None
    answer: Answer | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether it has left and its outcome is not known."""
        return self.answer is None and self.departure.at is not None


@contextmanager
def remembering(memory: Memory) -> Generator[None]:
    """Writes inside the block are kept in `memory`, and one that is there already is not sent again."""
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


def recall(method: str, parameters: Mapping[str, Any]) -> Attempt | None:
    """The same write of an earlier run of the operation."""
    memory = _memory.get()
    return memory.get(_key(method, parameters)) if memory is not None else None


def keep(attempt: Attempt) -> None:
    """Remember a write if it was applied or is in doubt, forget it otherwise."""
    memory = _memory.get()
    if memory is None:
        return
    key = _key(attempt.method, attempt.parameters)
    if attempt.answer is not None or attempt.in_doubt:
        memory[key] = attempt
    else:
        memory.pop(key, None)


def _key(method: str, parameters: Mapping[str, Any]) -> tuple[str, str]:
    return method, repr(parameters)
