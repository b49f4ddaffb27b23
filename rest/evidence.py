"""How the outcome of a write is found out whose reply was lost: what is read before and after it, and what that proves.

Others may write at the same moment. Evidence that fits two stories proves nothing:

- **Creating.** A record that has appeared since may be ours or another person's: nothing in the portal's answers tells
  who made it, and an equal row may have been added twice on purpose. So it is never ours for certain: unclear. If
  nothing has appeared and nothing has gone, ours was not created. (One story is left out, since no reading could ever
  refute it: ours was created, and by the next look another person had undone exactly that and nothing else.)
- **Setting a state** (paid, a quantity, a binding, all rows, a record gone). Applied means that the record is as asked,
  and was not before; it does not matter who did it, as it does not matter to the portal's own answer. An unchanged
  record means not applied. Any other change, or a record that has gone, hides what became of ours: unclear.
- **Removing.** Ids are never used twice: a record that is there was not removed, changed or not; one that is gone is
  as asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .connection import Sender
from .errors import ReplyLost

Parameters = Mapping[str, Any]
Record = Mapping[str, Any]
Records = Mapping[int, Record]
"""What was seen, by id."""


@dataclass(frozen=True, slots=True)
class View:
    """What can be looked at: the portal, and which payment holds which item as far as this run has seen."""

    sender: Sender
    payment_of_item: Mapping[int, int]

    async def read(self, method: str, parameters: Parameters) -> Any:
        """The result of a reading method; one whose reply is lost is read once more.

        Raises:
            PortalError: No result.

        """
        try:
            return (await self.sender.send(method, parameters)).result
        except ReplyLost:
            return (await self.sender.send(method, parameters)).result


@dataclass(frozen=True, slots=True)
class Applied:
    """The change is there. `result` is what the method would have answered."""

    result: Any


@dataclass(frozen=True, slots=True)
class Untouched:
    """The change is not there. If the write is no longer under way, it was not applied."""

    repeatable: bool = True
    """Whether sending it again does what was asked for: not when the record has been changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was seen fits more than one story."""

    seen: str


Verdict = Applied | Untouched | Unclear
Judge = Callable[[Parameters, Records, Records], Verdict]
"""Takes what was asked for, what was seen before it and what was seen after it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the outcome of one writing method is found out."""

    subject: Callable[[Parameters, Mapping[int, int]], Hashable]
    """What it changes: our own writes to the same subject wait for each other, so as not to disturb the evidence."""
    observe: Callable[[View, Parameters], Awaitable[Records | None]]
    """Reads what the judge needs; None when it is not known where to look."""
    judge: Judge
    decide: str
    """How a person or a model decides when the evidence does not."""
    intact: Callable[[View, Parameters], Awaitable[bool]] | None = None
    """Read after the write only: whether what could have swept a new record away again has not happened."""


def created(noun: str) -> Judge:
    """Judges a method that adds a record."""

    def judge(parameters: Parameters, before: Records, after: Records) -> Verdict:
        new = [id for id in sorted(after) if id > max(before, default=0)]
        if new:
            which = f"{noun} {new[0]} has" if len(new) == 1 else f"{noun}s {', '.join(map(str, new))} have"
            return Unclear(f"{which} appeared since, made by this call or by somebody else")
        if after.keys() == before.keys():
            return Untouched()
        return Unclear(f"no new {noun} is there, but what was there has changed meanwhile")

    return judge


def changed(
    noun: str, wanted: Callable[[Parameters, Record], Record], result: Callable[[Record], Any] = lambda _: True
) -> Judge:
    """Judges a method that changes the record `id`; `wanted` gives the fields that it is asked to have then."""

    def judge(parameters: Parameters, before: Records, after: Records) -> Verdict:
        id = int(parameters["id"])
        then, now = before.get(id), after.get(id)
        if now == then:
            return Untouched()
        if now is None or then is None:
            return Unclear(f"{noun} {id} is not there any more")
        asked = wanted(parameters, now)
        if has(now, asked) and not has(then, asked):
            return Applied(result(now))
        differing = sorted(name for name in now if now.get(name) != then.get(name))
        return Unclear(f"{noun} {id} has been changed meanwhile ({', '.join(differing)}), by somebody else at least")

    return judge


def removed(noun: str, result: Any = True) -> Judge:
    """Judges a method that removes the record `id`."""

    def judge(parameters: Parameters, before: Records, after: Records) -> Verdict:
        id = int(parameters["id"])
        if id in after or id not in before:
            return Untouched(repeatable=after.get(id) == before.get(id))
        return Applied(result)

    return judge


def has(record: Record, asked: Record) -> bool:
    """Whether a record has the fields that were asked for. Asked for nothing, it has not."""
    return bool(asked) and all(_same(value, record.get(name)) for name, value in asked.items())


def _same(asked: object, stored: object) -> bool:
    if asked is None or stored is None:
        return asked is stored
    try:
        return Decimal(str(asked)) == Decimal(str(stored))
    except InvalidOperation:
        return str(asked) == str(stored)
