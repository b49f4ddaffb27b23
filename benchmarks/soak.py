"""Random calls, and faults at 5 %: what the client reported and what the portal's ledger says, operation by operation.

`python -m benchmarks.soak --operations 500 --seed 7` runs a shorter or another one.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import anyio
from bitrix24_commerce.rest.settling import LONGEST_REQUEST
from bitrix24_commerce.sandbox.registry import Refusal

from tests.rest.rivalry import CREATING
from tests.rest.settled import LOSSES, Settled, reported, settled
from tests.virtual_time import VIRTUAL_TIME

from .random_calls import Call, random_read, random_write
from .row import Row

_FAULTS = 0.05
_READS_AT_ONCE = 4


def rows(operations: int = 10_000, seed: int = 0) -> list[Row]:
    """One figure: how often the two disagree."""
    logging.getLogger("bitrix24_commerce.rest").setLevel(logging.ERROR)
    tally: Counter[str] = Counter()
    lies: list[str] = []

    async def run() -> None:
        random = Random(seed)
        async with settled(seed=seed) as client:
            for _ in range(operations):
                if random.random() < 0.3:
                    calls = [random_read(client, random) for _ in range(_READS_AT_ONCE)]
                    lies.extend(await _read(client, calls, tally))
                else:
                    lies.extend(await _write(client, random_write(client, random), tally))

    anyio.run(run, backend=VIRTUAL_TIME[0], backend_options=VIRTUAL_TIME[1])
    for lie in lies:
        print(f"       {lie}")
    told = ", ".join(f"{number} {what}" for what, number in sorted(tally.items()))
    return [
        Row(
            f"{operations} random operations, faults at {_FAULTS:.0%}, seed {seed}",
            f"{len(lies)} disagree with the ledger ({told})",
            "0 disagree",
            not lies,
        )
    ]


def _break(client: Settled) -> None:
    """Let every request fail with 5 %, in each way alike."""
    client.sandbox.faults.clear()
    for fault in LOSSES.values():
        options = {name: value for name, value in fault.items() if name != "kind"}
        client.sandbox.faults.add(fault["kind"], probability=_FAULTS / len(LOSSES), **options)


async def _write(client: Settled, call: Call, tally: Counter[str]) -> list[str]:
    method, parameters = call
    client.sandbox.ledger.clear()
    _break(client)
    said, result = await reported(lambda: client.portal.call(method, parameters))
    client.sandbox.faults.clear()
    if said == "unknown":
        await anyio.sleep(LONGEST_REQUEST)
    carried = client.carried(method)
    tally[f"writes {said}"] += 1
    if said == "applied":
        agrees = carried == [result] if method in CREATING else len(carried) == 1
    else:
        agrees = len(carried) <= (said == "unknown")
    return [] if agrees else [f"{method} {parameters}: said {said} ({result}), the ledger has {carried}"]


async def _read(client: Settled, calls: list[Call], tally: Counter[str]) -> list[str]:
    """Several reads at once; each gives what somebody else sees too, or an error."""
    lies: list[str] = []

    async def read(method: str, parameters: dict[str, Any]) -> None:
        said, result = await reported(lambda: client.portal.call(method, parameters))
        seen = _seen(client, method, parameters)
        if said == "applied":
            tally["reads answered"] += 1
            agrees = result == seen
        else:
            tally["reads refused" if isinstance(seen, Refusal) else "reads failed"] += 1
            agrees = said == "not applied"
        if not agrees:
            lies.append(f"{method} {parameters}: {said} ({result}), there is {seen}")

    _break(client)
    async with anyio.create_task_group() as tasks:
        for call in calls:
            tasks.start_soon(read, *call)
    client.sandbox.faults.clear()
    return lies


def _seen(client: Settled, method: str, parameters: dict[str, Any]) -> object:
    """What somebody else gets, as it looks after having travelled."""
    try:
        return json.loads(json.dumps(client.another_user(method, parameters)), parse_float=Decimal)
    except Refusal as refusal:
        return refusal


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    (found,) = rows(chosen.operations, chosen.seed)
    print(f"{found.what}: {found.measured}")
    sys.exit(not found.within)
