"""One write with a lost reply and a rival, and whether what the client reported is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import anyio
from bitrix24_commerce.rest.settling import LONGEST_REQUEST

from tests.rest.rivalry import CREATING, contest, rival, stage
from tests.rest.settled import LOSSES, Reported, Settled, reported

Moment = Literal["before", "between", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "between", "after")
"""Of another's write: before ours arrives, before its reply is lost, before the client looks."""


_LOOK = "*.[gl]*"
"""Matches every `get` and `list`."""


@dataclass(frozen=True)
class Verdict:
    """What was reported of one write, and the lie in it, if there is one."""

    said: Reported
    lie: str = ""


async def contested(client: Settled, method: str, loss: str, moment: Moment, which: int) -> Verdict:
    """Carry one write out, while somebody else does the `which`-th thing that disturbs it."""
    at = stage(client)
    asked = contest(client, method, at)
    faults, (other, parameters) = client.sandbox.faults, asked.rivals[which % len(asked.rivals)]

    def disturb() -> None:
        rival(client, other, parameters)

    fault = LOSSES[loss]
    executed = fault["kind"] in ("reply_lost", "cut_off", "delay") or bool(fault.get("after"))
    if moment == "after":
        faults.add("another_user", method, action=lambda: faults.add("another_user", _LOOK, action=disturb))
    else:
        faults.add("another_user", method, after=moment == "between" and executed, action=disturb)
    faults.add(fault["kind"], method, **{name: value for name, value in fault.items() if name != "kind"})
    said, result = await reported(lambda: client.portal.call(method, asked.parameters))
    holds = asked.holds()
    faults.clear()
    await anyio.sleep(2 * LONGEST_REQUEST)  # What is still under way on the portal comes to its end.
    return Verdict(said, _lie(client, method, said, result, holds=holds))


def _lie(client: Settled, method: str, said: Reported, result: Any, *, holds: bool) -> str:
    carried = client.carried(method)
    if method in CREATING and len(carried) > 1:
        return f"created {len(carried)} times"
    if said == "applied":
        if method in CREATING:
            return "" if carried == [result] else f"said {result}, but {carried} were created"
        return "" if carried or holds else "said applied, but nothing was carried out and the record is otherwise"
    if said == "not applied":
        return "said not applied, but it was carried out" if carried else ""
    return "" if len(carried) <= 1 else "sent again although its outcome was unknown"
