"""What becomes of writes whose reply is lost: never carried out twice, never told wrongly. In virtual time."""

from __future__ import annotations

import logging
from collections import Counter
from random import Random

import anyio
from bitrix24_commerce.rest.request_ids import RequestIds
from bitrix24_commerce.rest.settling import LONGEST_REQUEST, deadline

from tests.rest.rivalry import METHODS
from tests.rest.settled import LOSSES, Reported, Settled, reported, settled
from tests.rest.verdicts import MOMENTS, contested
from tests.virtual_time import VIRTUAL_TIME

from .row import Row

_TIMES = 100
_CONTESTS = 20
_ADD = "crm.item.payment.add"
_DEAL = {"entityId": 13142, "entityTypeId": 2}
_PATIENT = 75.0
"""Seconds: longer than the portal may take for one request."""


def rows() -> list[Row]:
    """All figures."""
    logging.getLogger("bitrix24_commerce.rest").setLevel(logging.ERROR)
    return [*_lost_replies(45.0), _lost_replies(_PATIENT)[-1], *_contests()]


def _lost_replies(seconds: float) -> list[Row]:
    """`payment.add` with everything that can happen to its reply, and nobody else writing."""
    said: dict[str, Counter[Reported]] = {}
    lies: Counter[str] = Counter()

    async def run() -> None:
        with deadline(seconds):
            for loss in (*LOSSES, "cancelled"):
                said[loss] = Counter()
                async with settled(seed=len(said), method_seconds=0.1) as client:
                    for number in range(_TIMES):
                        verdict, true = await _one(client, loss, number)
                        said[loss][verdict] += 1
                        lies[loss] += not true

    anyio.run(run, backend=VIRTUAL_TIME[0], backend_options=VIRTUAL_TIME[1])
    unknown = sum(each["unknown"] for each in said.values())
    total = _TIMES * len(said)
    return [
        *(
            Row(
                f"payment.add, {loss}, {_TIMES} times",
                f"{_told(each)}; {lies[loss]} told wrongly",
                "never two; none or unknown only if said so",
                not lies[loss],
            )
            for loss, each in said.items()
        ),
        Row(
            f"payment.add, all of these, {seconds:.0f} s to find out",
            f"{unknown / total:.0%} reported unknown; {lies.total()} told wrongly",
            "0 told wrongly",
            not lies.total(),
        ),
    ]


async def _one(client: Settled, loss: str, number: int) -> tuple[Reported, bool]:
    """One payment; what was said of it, and whether that is true once nothing is under way any more."""
    carried = len(client.carried(_ADD))
    if loss == "cancelled":
        ids = RequestIds()

        async def add() -> object:
            return await ids.once("one", _ADD, _DEAL, lambda: client.portal.call(_ADD, _DEAL))

        with anyio.move_on_after(0.1 + 0.2 * number / _TIMES):
            await add()
        said, result = await reported(add)
    else:
        fault = {name: value for name, value in LOSSES[loss].items() if name != "kind"}
        client.sandbox.faults.add(LOSSES[loss]["kind"], _ADD, **fault)
        said, result = await reported(lambda: client.portal.call(_ADD, _DEAL))
    await anyio.sleep(LONGEST_REQUEST)
    made = client.carried(_ADD)[carried:]
    return said, {"applied": made == [result], "not applied": made == [], "unknown": len(made) <= 1}[said]


def _contests() -> list[Row]:
    """Every writing method loses its reply while somebody else changes the same records."""
    found: list[Row] = []

    async def run(method: str) -> None:
        random = Random(method)
        said: Counter[Reported] = Counter()
        lies: list[str] = []
        async with settled() as client:
            for number in range(_CONTESTS):
                loss = list(LOSSES)[number % len(LOSSES)]
                for moment in MOMENTS:
                    verdict = await contested(client, method, loss, moment, random.randrange(60))
                    said[verdict.said] += 1
                    lies += [verdict.lie] if verdict.lie else []
        found.append(
            Row(
                f"{method}, another's write before, between, after, {_CONTESTS} times each",
                f"{_told(said)}; {len(lies)} told wrongly",
                "no false applied, no false not applied",
                not lies,
            )
        )

    for method in METHODS:
        anyio.run(run, method, backend=VIRTUAL_TIME[0], backend_options=VIRTUAL_TIME[1])
    return found


def _told(said: Counter[Reported]) -> str:
    return ", ".join(f"{said[each]} {each}" for each in ("applied", "not applied", "unknown"))
