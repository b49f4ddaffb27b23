"""Arguments are cast to what a method asks for, or refused with the portal's own words (facts.md §2.4)."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from .conftest import Connect

pytestmark = pytest.mark.anyio


async def test_the_documented_texts(connect: Connect):
    async with connect() as call:
        missing = await call.post("test.types")
        wrong = await call.post("test.types", {"id": "abc"})
        no_array = await call.post("test.types", {"id": 1, "fields": "x"})
    assert [missing.status_code, wrong.status_code, no_array.status_code] == [400, 400, 400]
    assert missing.json() == snapshot({"error": 100, "error_description": "Could not find value for parameter {id}"})
    assert wrong.json() == snapshot(
        {
            "error": 100,
            "error_description": "Invalid value {abc} to match with parameter {id}. Should be value of type int.",
        }
    )
    assert no_array.json() == snapshot(
        {
            "error": 100,
            "error_description": "Invalid value {x} to match with parameter {fields}. Should be value of type array.",
        }
    )


@pytest.mark.parametrize(
    ("name", "value", "bound"),
    [
        ("id", 7, 7),
        ("id", "7", 7),
        ("id", " -7 ", -7),
        ("id", 7.0, 7),
        ("id", 2**63 - 1, 2**63 - 1),
        ("ratio", "1.5e1", 15),
        ("ratio", 2, 2),
        ("ratio", None, 0.5),
        ("flag", "Y", True),
        ("flag", 0, False),
        ("flag", "true", True),
        ("name", 5, "5"),
        ("name", True, "1"),
        ("fields", [], []),
        ("fields", {"a": {}}, {"a": []}),
        ("items", {}, []),
        ("anything", [1, "a"], [1, "a"]),
        ("anything", None, None),
        ("FILTER", {"ID": 1}, {"ID": 1}),
    ],
)
async def test_what_fits_is_cast(connect: Connect, name: str, value: Any, bound: Any):
    async with connect() as call:
        assert (await call.result("test.types", {"id": 1} | {name: value}))[name] == bound


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", ""),
        ("id", "1.5"),
        ("id", 1.5),
        ("id", "1e3"),
        ("id", "\u0661"),
        ("id", 10**30),
        ("id", str(10**30)),
        ("id", 1e30),
        ("id", 2**63),
        ("id", True),
        ("id", [1]),
        ("id", {"a": 1}),
        ("ratio", "nan"),
        ("ratio", "1e999"),
        ("ratio", "1,5"),
        ("ratio", False),
        ("flag", "maybe"),
        ("flag", []),
        ("name", ["a"]),
        ("fields", ""),
        ("fields", 1),
        ("items", "a"),
    ],
)
async def test_what_does_not_fit_is_refused(connect: Connect, name: str, value: Any):
    async with connect() as call:
        answer = await call.post("test.types", {"id": 1} | {name: value})
    assert answer.status_code == 400
    assert answer.json()["error"] == 100
    assert f"to match with parameter {{{name}}}" in answer.json()["error_description"]


async def test_old_style_parameters_are_found_in_any_case_and_others_are_not(connect: Connect):
    async with connect() as call:
        assert (await call.result("test.types", {"id": 1, "filter": {"ID": 1}}))["FILTER"] == {"ID": 1}
        assert (await call("test.types", {"ID": 1}))["error_description"] == "Could not find value for parameter {id}"


async def test_arguments_are_checked_before_anything_else_of_the_method(connect: Connect):
    async with connect("manager") as call:
        assert (await call("test.add"))["error"] == 100
