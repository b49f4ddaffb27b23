"""One declaration a tool: its annotations, read-only mode, guard, toolset, row of the README and tests come from it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, ParamSpec, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from ..rest import Portal
from .arguments import Confirm, RequestId, Row
from .effect import Effect
from .naming import tool_name, toolset_of
from .preview import PREVIEW_SCHEMA, Preview
from .results import Result
from .schema import argument_schema, result_schema

P = ParamSpec("P")
STATUSES = ("done", "confirmation_required", "declined")


class ArgumentsRefused(ValueError):
    """A tool was called with arguments that it does not take; the message says which, and what would do."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is declared of a tool."""

    method: str
    effect: Effect
    idempotent: bool
    guarded: bool | str
    """True: always. A string: under that condition, and the preview decides. False: never."""
    scope: str

    @property
    def name(self) -> str:
        """The tool's name: the method's without its prefix, in snake case."""
        return tool_name(self.method)

    @property
    def toolset(self) -> str:
        """The family the tool belongs to."""
        return toolset_of(self.method)


class Operation(Generic[P]):
    """A tool: its declaration, the function that carries it out, and, where guarded, the one that previews it."""

    def __init__(self, declaration: Declaration, function: Callable[P, Awaitable[Result]]) -> None:
        self.declaration = declaration
        self.function = function
        self.previewer: Callable[P, Awaitable[Preview | None]] | None = None

    def preview(self, function: Callable[P, Awaitable[Preview | None]]) -> Callable[P, Awaitable[Preview | None]]:
        """Register what makes the preview; None from it means that nothing would be lost, so nobody need be asked."""
        self.previewer = function
        return function

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.declaration.name

    @cached_property
    def description(self) -> str:
        """What a model reads: the function's docstring and the REST method."""
        return f"{inspect.cleandoc(self.function.__doc__ or '')} ({self.declaration.method})"

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.function, include_extras=True)

    @cached_property
    def _parameters(self) -> dict[str, tuple[Any, Any]]:
        """Type and default (`...`: required) of every argument, in the order of the function's parameters."""
        found: dict[str, tuple[Any, Any]] = {}
        _, *parameters = inspect.signature(self.function).parameters.values()
        for parameter in parameters:
            hint = self._hints[parameter.name]
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                (fields,) = get_args(hint)
                found |= {name: (each, None) for name, each in get_type_hints(fields, include_extras=True).items()}
            else:
                required = parameter.default is inspect.Parameter.empty
                found[parameter.name] = (hint, ... if required else parameter.default)
        if self.declaration.effect is Effect.CREATE:
            found["requestId"] = (RequestId, "")
        if self.declaration.guarded:
            found["confirm"] = (Confirm, False)
        return found

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The model that checks the arguments. It is made when the tool is first called."""
        fields: dict[str, Any] = self._parameters
        return create_model(f"{self.name}_arguments", __config__=ConfigDict(extra="forbid"), **fields)

    @cached_property
    def result(self) -> type[Result]:
        """The type of what it gives."""
        return self._hints["return"]

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments; unknown ones are refused."""
        properties = {name: argument_schema(hint) for name, (hint, _) in self._parameters.items()}
        required = [name for name, (_, default) in self._parameters.items() if default is ...]
        schema: dict[str, Any] = {"type": "object", "properties": properties}
        return schema | ({"required": required} if required else {}) | {"additionalProperties": False}

    @cached_property
    def output_schema(self) -> dict[str, Any]:
        """The JSON schema of the structured content. Only `done` of a guarded tool carries the result's keys."""
        schema = result_schema(self.result)
        if not self.declaration.guarded:
            return {key: schema[key] for key in ("type", "properties", "required") if key in schema}
        guard = {"status": {"type": "string", "enum": list(STATUSES)}, "preview": PREVIEW_SCHEMA}
        return {"type": "object", "properties": {**schema["properties"], **guard}, "required": ["status"]}

    def parse(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments that were given, checked and in the documented form. Null counts as not given where it may.

        Raises:
            ArgumentsRefused: An unknown, missing or unfit argument.

        """
        try:
            values = self.arguments.model_validate(arguments)
        except ValidationError as error:
            problems = [_problem(each["loc"], each["type"], each["msg"]) for each in error.errors(include_url=False)]
            unknown = {len(each["loc"]) for each in error.errors(include_url=False) if each["type"] == _UNKNOWN}
            if 1 in unknown:
                problems.append(f"there are {', '.join(self._parameters) or 'none'}")
            if unknown - {1}:
                problems.append(f"a row has {', '.join(get_type_hints(Row))}")
        else:
            return {name: getattr(values, name) for name in self._parameters if name in values.model_fields_set}
        raise ArgumentsRefused("; ".join(dict.fromkeys(problems)))


_UNKNOWN = "extra_forbidden"


def _problem(location: tuple[int | str, ...], kind: str, message: str) -> str:
    where = ".".join(str(part)[:60] for part in location)
    if kind == _UNKNOWN:
        return f"{where}: no such argument"
    if kind == "missing":
        return f"{where}: required"
    said = message.removeprefix("Value error, ").removeprefix("Input ").replace("dictionary", "object")
    return f"{where}: {said}"


DECLARED: dict[str, Operation[...]] = {}
"""Every tool by its name, as they were declared."""


def tool(
    method: str, *, effect: Effect, guarded: bool | str = False, idempotent: bool = False, scope: str = "crm"
) -> Callable[[Callable[P, Awaitable[Result]]], Operation[P]]:
    """Declare a function as the tool for a REST method."""

    def declare(function: Callable[P, Awaitable[Result]]) -> Operation[P]:
        operation = Operation(Declaration(method, effect, idempotent or not effect.writes, guarded, scope), function)
        DECLARED[operation.name] = operation
        return operation

    return declare


async def carry_out(operation: Operation[...], portal: Portal, arguments: Mapping[str, Any]) -> Result:
    """Call the operation's function with parsed arguments."""
    return await operation.function(portal, **arguments)
