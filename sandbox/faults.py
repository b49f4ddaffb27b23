"""Faults on demand: what goes wrong with which calls, counted, or drawn from a seed so that a run can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from random import Random
from typing import Literal, cast, get_args

Kind = Literal[
    "reply_lost",
    "reset",
    "delay",
    "503",
    "429",
    "500",
    "html",
    "empty",
    "cut_off",
    "redirect",
    "expired_token",
    "batch_part",
    "another_user",
]
KINDS = cast("tuple[Kind, ...]", get_args(Kind))

_ALWAYS_AFTER = frozenset({"reply_lost", "cut_off"})
_EITHER = frozenset({"delay", "500", "html", "empty", "another_user"})
_GO_ON = frozenset({"delay", "another_user"})
"""These leave the answer alone, so that another fault may strike the same call."""


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. Without `after` it happens before the call is carried out, and mostly instead of it.

    | kind | what the caller meets |
    |---|---|
    | `reply_lost` | carried out, then the connection closes without an answer |
    | `reset` | the connection is reset; nothing is carried out |
    | `delay` | `seconds` pass before the call, or with `after` before its answer |
    | `503`, `429` | `QUERY_LIMIT_EXCEEDED`, `OPERATION_TIME_LIMIT` |
    | `500` | `INTERNAL_SERVER_ERROR`; with `after` the call was carried out |
    | `html`, `empty` | 200 with a page, or with nothing; with `after` the call was carried out |
    | `cut_off` | carried out, and half of the answer's JSON comes |
    | `redirect` | 302 to another address of the same portal, as after a rename: `location`, or `localhost` |
    | `expired_token` | `expired_token` |
    | `batch_part` | a command inside a batch fails with `INTERNAL_SERVER_ERROR`, not carried out |
    | `another_user` | `action` is run before the call, or with `after` between the call and its answer |
    """

    kind: Kind
    method: str = "*"
    """A pattern for method names, as `crm.item.payment.*`."""
    times: int | None = None
    """How often it still strikes; None for always. Without a `probability` it strikes once, unless told otherwise."""
    probability: float = 1.0
    after: bool = False
    seconds: float = 0.0
    action: Callable[[], object] | None = None
    location: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind} (there are {', '.join(KINDS)})")
        if self.kind == "another_user" and self.action is None:
            raise ValueError("another_user needs an action")
        self.times = None if self.times is None else int(self.times)
        self.probability, self.seconds = float(self.probability), float(self.seconds)
        self.after = self.kind in _ALWAYS_AFTER or (bool(self.after) and self.kind in _EITHER)

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read `kind[=seconds][+after][:method[:times or probability]]`, as `reply_lost:crm.item.payment.*:0.05`.

        Raises `ValueError`.
        """
        kind, method, often, *_ = [*text.split(":"), "", ""]
        kind, _, after = kind.partition("+")
        name, _, seconds = kind.partition("=")
        fault = cls(cast("Kind", name), method or "*", times=1, after=after == "after", seconds=float(seconds or 0))
        if "." in often:
            fault.times, fault.probability = None, float(often)
        elif often:
            fault.times = int(often)
        return fault


class Faults:
    """The faults of a portal, in the order in which they were added: the first that strikes spoils a call."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._faults: list[Fault] = []

    def add(
        self,
        kind: Kind,
        method: str = "*",
        *,
        times: int | None = None,
        probability: float | None = None,
        after: bool = False,
        seconds: float = 0.0,
        action: Callable[[], object] | None = None,
        location: str = "",
    ) -> Fault:
        """Let something go wrong: once, `times` times, or with a `probability` each time. Raises ValueError."""
        times = 1 if times is None and probability is None else times
        fault = Fault(
            kind, method, times, 1.0 if probability is None else probability, after, seconds, action, location
        )
        return self.put(fault)

    def put(self, fault: Fault) -> Fault:
        """Add a fault that is made already."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go right again."""
        self._faults.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def strike(self, method: str) -> list[Fault]:
        """Draw what goes wrong with a request for a method; a batch is a request for `batch`."""
        struck: list[Fault] = []
        for fault in list(self._faults):
            if fault.kind != "batch_part" and self._strikes(fault, method):
                struck.append(fault)
                if fault.kind not in _GO_ON:
                    break
        return struck

    def strikes_command(self, method: str) -> bool:
        """Draw whether a command inside a batch fails."""
        return any(each.kind == "batch_part" and self._strikes(each, method) for each in list(self._faults))

    def _strikes(self, fault: Fault, method: str) -> bool:
        if not fnmatchcase(method.lower(), fault.method.lower()):
            return False
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return True
