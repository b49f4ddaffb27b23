"""The table of tools, for the command line and for the README."""

from __future__ import annotations

import inspect

from ..tools import OPERATIONS


def tool_table() -> str:
    """Every tool in a Markdown table: name, REST method, what it does, effect, guard."""
    lines = ["| tool | REST method | what it does | effect | confirmation |", "|---|---|---|---|---|"]
    for operation in OPERATIONS.values():
        declaration = operation.declaration
        summary = inspect.cleandoc(operation.function.__doc__ or "").splitlines()[0]
        guard = {True: "always", False: ""}.get(declaration.guarded, declaration.guarded)  # type: ignore[call-overload]
        lines.append(f"| {operation.name} | {declaration.method} | {summary} | {declaration.effect} | {guard} |")
    return "\n".join(lines)
