"""JSON schemas as small as they can be and as every host understands them: no `$ref`, `$defs`, `title`, `const`.

Most arguments recur in many tools, so that each kind is described once; nothing else is as quick at start-up.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter

_NOISE = ("title", "$defs", "default")


@cache
def argument_schema(hint: Any) -> dict[str, Any]:
    """The schema of one argument, by its type: without the null that only means "not given"."""
    schema = TypeAdapter(hint).json_schema()
    return cast("dict[str, Any]", _cleaned(schema, schema.get("$defs", {}), arguments=True))


@cache
def result_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a tool's structured content. Fields that a portal may leave out are not required."""
    schema = model.model_json_schema(mode="serialization")
    return cast("dict[str, Any]", _cleaned(schema, schema.get("$defs", {}), arguments=False))


def _cleaned(node: object, definitions: dict[str, Any], *, arguments: bool) -> object:
    if isinstance(node, list):
        return [_cleaned(each, definitions, arguments=arguments) for each in cast("list[object]", node)]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    if not isinstance(node, dict):
        return node
    schema = cast("dict[str, Any]", node)
    if "$ref" in schema:
        named = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        schema = {**named, **{key: schema[key] for key in schema if key != "$ref"}}
    cleaned: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            cleaned[key] = {name: _cleaned(each, definitions, arguments=arguments) for name, each in value.items()}
        elif key == "additionalProperties" and value is not False:
            continue  # open is the default
        elif key in _NOISE or (key == "description" and ("properties" in schema or not arguments)):
            continue
        else:
            cleaned[key] = _cleaned(value, definitions, arguments=arguments)
    return _without_null(cleaned) if arguments else cleaned


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Of a choice, the arm that a caller should use: no null, and a number rather than a string that holds one."""
    arms = [arm for arm in schema.get("anyOf", []) if arm != {"type": "null"}]
    numbers = [arm for arm in arms if arm.get("type") == "number"]
    if arms and (len(arms) == 1 or numbers):
        return {**(numbers or arms)[0], **{key: value for key, value in schema.items() if key != "anyOf"}}
    return schema
