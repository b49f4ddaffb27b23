"""`batch`: up to 50 commands in one request, one after the other, each with an outcome of its own (facts.md §3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .access import Access
from .calls import carry_out
from .envelope import encode, failure, success
from .journal import kept_arguments
from .references import substitute
from .registry import Page, Refusal
from .request import parameters as read_parameters
from .system_errors import system_error

if TYPE_CHECKING:
    from .portal import Portal

MAX_COMMANDS = 50


async def batch(portal: Portal, access: Access, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run the commands of `cmd` and give the five maps of their outcomes, by the commands' keys.

    What is not a string is skipped, and every command past the fiftieth refused. With `halt` the first failure ends it.
    """
    maps: dict[str, dict[str, Any]] = {"result": {}, "error": {}, "total": {}, "next": {}, "time": {}}
    halt = str(parameters.get("halt", 0)).lower() in ("1", "true", "y")
    for number, (key, command) in enumerate(_commands(parameters.get("cmd"))):
        if number >= MAX_COMMANDS:
            refusal = system_error("ERROR_BATCH_LENGTH_EXCEEDED")
            maps["error"][key] = failure(refusal, "batch", portal.profile)
        else:
            await _run(portal, access, key, command, maps)
        if halt and maps["error"]:
            break
    return {"result" if name == "result" else f"result_{name}": _as_php(each) for name, each in maps.items()}


def outline(parameters: dict[str, Any]) -> dict[str, Any]:
    """Give what the journal shows of a batch: its methods by key. Their arguments are shown with each."""
    return {
        "halt": parameters.get("halt"),
        "cmd": {key: _split(each)[0] for key, each in _commands(parameters.get("cmd"))},
    }


def _split(command: str) -> tuple[str, str]:
    """Give the method and the query of a command, as a URL's parser would."""
    name, _, query = command.partition("#")[0].partition("?")
    return name, query


def _commands(cmd: object) -> list[tuple[str, str]]:
    if isinstance(cmd, list):
        cmd = {str(index): each for index, each in enumerate(cast("list[object]", cmd))}
    if not isinstance(cmd, dict):
        return []
    return [(key, each) for key, each in cast("dict[str, object]", cmd).items() if isinstance(each, str)]


async def _run(portal: Portal, access: Access, key: str, command: str, maps: dict[str, dict[str, Any]]) -> None:
    start = portal.clock.now()
    name, query = _split(command)
    arguments: dict[str, Any] = {}
    status = 200
    try:
        arguments = substitute(read_parameters(query.encode(), "", b""), maps)
        arguments.pop("auth", None)
        if portal.faults.strikes_command(name):
            raise system_error("INTERNAL_SERVER_ERROR")
        result, timing = await carry_out(portal, access, name, arguments)
        body = success(result, timing)
        maps["result"][key] = result.result if isinstance(result, Page) else result
        maps["time"][key] = body["time"]
        maps["total"] |= {key: body["total"]} if "total" in body else {}
        maps["next"] |= {key: body["next"]} if "next" in body else {}
    except Refusal as refusal:
        status, body = refusal.status, failure(refusal, name, portal.profile)
        maps["error"][key] = body
    portal.journal.record(
        start,
        name,
        kept_arguments(arguments, len(query)),
        encode(body),
        status,
        seconds=(portal.clock.now() - start).total_seconds(),
        user=access.label,
        in_batch=True,
    )


def _as_php(outcomes: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """Give a list where the keys are 0, 1, 2 …, as PHP writes such an array."""
    in_order = all(key == str(index) for index, key in enumerate(outcomes))
    return list(outcomes.values()) if in_order else outcomes
