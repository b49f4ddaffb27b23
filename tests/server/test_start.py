"""Wrong settings, through the real command: status 2, a clear text on stderr, no secret in it (design §6)."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from subprocess import DEVNULL, CompletedProcess

import anyio
import pytest

pytestmark = pytest.mark.anyio

COMMAND = str(Path(sys.executable).parent / "bitrix24-commerce-mcp")
SECRET = "q7w8e9r0t1y2u3i4"
GOOD = f"https://example.bitrix24.com/rest/1/{SECRET}/"
CASES: dict[str, tuple[list[str], dict[str, str], str]] = {
    "nothing": ([], {}, "No portal is configured. There are two ways to start:"),
    "a malformed webhook": (
        [],
        {"BITRIX24_WEBHOOK_URL": f"https://anna:{SECRET}@example.bitrix24.com/rest/1/{SECRET}/"},
        "BITRIX24_WEBHOOK_URL: the webhook address must hold nothing but host and path; it looks like https://",
    ),
    "plain http": (
        [],
        {"BITRIX24_WEBHOOK_URL": GOOD.replace("https", "http")},
        "BITRIX24_WEBHOOK_URL: the webhook address must use https: plain http would send the secret in the open",
    ),
    "a setting that is none": (
        [],
        {"BITRIX24_WEBHOOK": GOOD},
        "BITRIX24_WEBHOOK: there is no such setting; there are BITRIX24_WEBHOOK_URL, ",
    ),
    "wrong settings next to --sandbox": (["--sandbox"], {"BITRIX24_PLAN": "gold"}, "BITRIX24_PLAN: 'gold' is none of"),
    "a toolset that is none": (["--sandbox", "--toolsets", "rows"], {}, "'rows' is none of productrow, "),
    "an option that is none": (["--sandpit"], {}, "unrecognized arguments: --sandpit"),
    "a command that is none": (["serve"], {}, "invalid choice: 'serve'"),
    "a file in no folder": (["--sandbox", "--db", "/nowhere/shop.db"], {}, "--db /nowhere/shop.db: unable to open"),
    "a file that holds something else": (["sandbox", "--port", "0", "--db", __file__], {}, ": file is not a database"),
    "a port that is none": (["sandbox", "--port", "70000"], {}, "argument --port: a port is a number from 0 to 65535"),
    "check of nothing": (["check"], {}, "No portal is configured."),
}

Finished = dict[str, CompletedProcess[bytes]]


@pytest.fixture(scope="module")
async def finished() -> Finished:
    """Every case, started as a user would, a few at a time."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BITRIX24_")}
    ended: Finished = {}
    limiter = anyio.CapacityLimiter(4)

    async def start(name: str, arguments: list[str], settings: dict[str, str]) -> None:
        async with limiter:
            ended[name] = await anyio.run_process(
                [COMMAND, *arguments], stdin=DEVNULL, check=False, env={**environment, **settings}
            )

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            for name, (arguments, settings, _) in CASES.items():
                tasks.start_soon(start, name, arguments, settings)
    return ended


@pytest.mark.parametrize("name", CASES)
async def test_the_command_says_what_is_wrong_and_ends(finished: Finished, name: str):
    told = finished[name].stderr.decode()
    assert finished[name].returncode == 2
    assert finished[name].stdout == b""
    assert CASES[name][2] in told
    assert SECRET not in told
    assert "Traceback" not in told
    assert len(told.splitlines()) < 12


async def test_both_ways_to_start_are_shown(finished: Finished):
    told = finished["nothing"].stderr.decode()
    assert "  bitrix24-commerce-mcp --sandbox " in told
    assert "  BITRIX24_WEBHOOK_URL=https://<portal>/rest/<user>/<code>/ bitrix24-commerce-mcp" in told
