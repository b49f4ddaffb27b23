"""JSON schemas as small as they can be and as every host understands them: no `$ref`, `$defs`, `title`, `const`."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel

_NOISE = ("title", "$defs")


def argument_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a tool's arguments: no null arms, unknown arguments refused."""
    schema = model.model_json_schema()
    cleaned = cast("dict[str, Any]", _cleaned(schema, schema.get("$defs", {}), nulls=False))
    return {"type": "object", "properties": cleaned.get("properties", {}), **_rest(cleaned)}


def result_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a tool's structured content. Fields that a portal may leave out are not required."""
    schema = model.model_json_schema(mode="serialization")
    return cast("dict[str, Any]", _cleaned(schema, schema.get("$defs", {}), nulls=True))


def _rest(schema: dict[str, Any]) -> dict[str, Any]:
    required = {"required": schema["required"]} if schema.get("required") else {}
    return {**required, "additionalProperties": False}


def _cleaned(node: object, definitions: dict[str, Any], *, nulls: bool) -> object:
    if isinstance(node, list):
        return [_cleaned(each, definitions, nulls=nulls) for each in cast("list[object]", node)]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    if not isinstance(node, dict):
        return node
    schema = cast("dict[str, Any]", node)
    if "$ref" in schema:
        named = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        return _cleaned({**named, **{key: schema[key] for key in schema if key != "$ref"}}, definitions, nulls=nulls)
    cleaned: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            cleaned[key] = {name: _cleaned(each, definitions, nulls=nulls) for name, each in value.items()}
        elif key == "additionalProperties" and value is not False:
            continue  # open is the default
        elif key in _NOISE or key == "default" or (key == "description" and (nulls or "properties" in schema)):
            continue
        else:
            cleaned[key] = _cleaned(value, definitions, nulls=nulls)
    return cleaned if nulls else _without_null(cleaned)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Of a choice, the arm that a caller should use: no null, and a number rather than a string that holds one."""
    arms = [arm for arm in schema.get("anyOf", []) if arm != {"type": "null"}]
    numbers = [arm for arm in arms if arm.get("type") == "number"]
    if arms and (len(arms) == 1 or numbers):
        return {**(numbers or arms)[0], **{key: value for key, value in schema.items() if key != "anyOf"}}
    return schema
