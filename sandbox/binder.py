"""Arguments of a call, cast to what the method's signature asks for, or refused with code 100 (facts.md §2.4)."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from .registry import Method, Refusal

_WHOLE = re.compile(r"\s*[-+]?[0-9]{1,19}\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]{1,3})?\s*", re.ASCII | re.IGNORECASE)
_FLAGS = {"y": True, "1": True, "true": True, "n": False, "0": False, "false": False, "": False}


@dataclass(frozen=True, slots=True)
class _Slot:
    """One parameter of a method."""

    name: str
    type_name: str
    cast: Callable[[Any], Any]
    default: object


_slots: dict[Callable[..., object], tuple[_Slot, ...]] = {}


def bind(method: Method, parameters: dict[str, Any]) -> dict[str, Any]:
    """Give the keyword arguments for the method's function. Raises `Refusal` with code 100.

    Numbers in strings are numbers. A whole number beyond 64 bits, or one with a fraction, is not an int. PHP knows one
    kind of array, so `[]` is an empty map and a map may stand for a list. null counts as not given.
    """
    slots = _slots.get(method.function)
    if slots is None:
        slots = _slots[method.function] = tuple(_slot(parameter) for parameter in method.parameters)
    return {slot.name: _value(slot, parameters) for slot in slots}


def _slot(parameter: inspect.Parameter) -> _Slot:
    annotation = parameter.annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = next(arm for arm in typing.get_args(annotation) if arm is not type(None))
    kind = typing.get_origin(annotation) or annotation
    type_name, caster = _CASTS.get(kind, ("mixed", _as_it_is))
    return _Slot(parameter.name, type_name, caster, parameter.default)


def _value(slot: _Slot, parameters: dict[str, Any]) -> object:
    value = parameters.get(slot.name)
    if value is None and slot.name.isupper():
        value = next((each for name, each in parameters.items() if name.upper() == slot.name), None)
    if value is None:
        if slot.default is inspect.Parameter.empty:
            raise Refusal("100", f"Could not find value for parameter {{{slot.name}}}")
        return slot.default
    try:
        return slot.cast(value)
    except ValueError:
        text = f"Invalid value {{{_printed(value)}}} to match with parameter {{{slot.name}}}."
        raise Refusal("100", f"{text} Should be value of type {slot.type_name}.") from None


def _printed(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "Array" if isinstance(value, dict | list) else str(value)


def _as_it_is(value: object) -> object:
    return value


def _int(value: object) -> int:
    if (isinstance(value, str) and _WHOLE.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError
    return value


def _float(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
        raise ValueError
    return float(value)


def _bool(value: object) -> bool:
    flag = None if isinstance(value, dict | list) else _FLAGS.get(str(value).lower())
    if flag is None:
        raise ValueError
    return flag


def _str(value: object) -> str:
    if isinstance(value, dict | list):
        raise ValueError
    return value if isinstance(value, str) else _printed(value)


def _map(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(cast("list[Any]", value))}
    if not isinstance(value, dict):
        raise ValueError
    return cast("dict[str, Any]", value)


def _list(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(cast("dict[str, Any]", value).values())
    if not isinstance(value, list):
        raise ValueError
    return cast("list[Any]", value)


_CASTS: dict[object, tuple[str, Callable[[Any], Any]]] = {
    int: ("int", _int),
    float: ("float", _float),
    bool: ("bool", _bool),
    str: ("string", _str),
    dict: ("array", _map),
    list: ("array", _list),
}
