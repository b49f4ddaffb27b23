"""Many commands in one request (facts.md §3.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import Caller, Connect

pytestmark = pytest.mark.anyio


async def run(call: Caller, cmd: object, **more: object) -> Any:
    return await call.result("batch", {"cmd": cmd, **more})


async def test_outcomes_come_in_five_maps(connect: Connect):
    async with connect() as call:
        outcome = await run(call, {"page": "test.page?start=50", "bad": "test.types", "none": "test.nothing"})
    assert outcome["result"] == {"page": [50], "none": None}
    assert outcome["result_error"] == {
        "bad": {"error": 100, "error_description": "Could not find value for parameter {id}"}
    }
    assert outcome["result_total"] == {"page": 120}
    assert outcome["result_next"] == {"page": 100}
    assert outcome["result_time"].keys() == {"page", "none"}


async def test_empty_maps_are_lists(connect: Connect):
    async with connect() as call:
        outcome = await run(call, {"empty": "test.empty"})
        assert outcome["result"] == {"empty": {"map": [], "deeper": [{"map": []}]}}
        assert outcome["result_error"] == outcome["result_total"] == outcome["result_next"] == []
        for nothing in ("{}", "[]", "null", '"x"', "5"):
            assert set(map(str, (await run(call, json.loads(nothing))).values())) == {"[]"}


async def test_numeric_keys_give_lists_while_they_are_in_order(connect: Connect):
    async with connect() as call:
        listed = await run(call, ["test.page?start=0", "test.page?start=50"])
        holed = await run(call, ["test.types", "test.page?start=50"])
        numbered = await run(call, {"0": "test.page", "1": "test.page"})
    assert listed["result"] == [[0], [50]]
    assert (holed["result"], list(holed["result_error"])) == (
        {"1": [50]},
        [{"error": 100, "error_description": "Could not find value for parameter {id}"}],
    )
    assert numbered["result"] == [[0], [0]]


async def test_a_batch_may_come_as_a_query_with_its_commands_encoded_twice(connect: Connect):
    async with connect() as call:
        answer = await call.http.get("batch?halt=0&cmd[a]=test.types%3Fid%3D1%26name%3Da%2526b&cmd[b]=TEST.Page.json")
    assert answer.json()["result"]["result"]["a"]["name"] == "a&b"
    assert answer.json()["result"]["result_error"]["b"]["error"] == "ERROR_METHOD_NOT_FOUND"


async def test_the_query_of_a_command_ends_at_a_hash_and_nests_as_php_does(connect: Connect):
    async with connect() as call:
        outcome = await run(call, ["Test.Types?id=1&fields[%3Dtype]=D&fields[@id][]=1#&name=lost"])
    assert outcome["result"][0]["fields"] == {"=type": "D", "@id": ["1"]}
    assert outcome["result"][0]["name"] == ""


async def test_fifty_commands_run_and_each_further_one_is_refused(connect: Connect):
    async with connect() as call:
        outcome = await run(call, {f"c{number}": f"test.add?fields[n]={number}" for number in range(53)})
        assert len(await call.result("test.notes")) == 50
    assert list(outcome["result_error"]) == ["c50", "c51", "c52"]
    assert outcome["result_error"]["c50"] == {
        "error": "ERROR_BATCH_LENGTH_EXCEEDED",
        "error_description": "Max batch length exceeded",
    }


@pytest.mark.parametrize(("halt", "carried_out"), [(0, 2), ("0", 2), (1, 1), ("1", 1), (True, 1)])
async def test_halt_stops_at_the_first_failure(connect: Connect, halt: object, carried_out: int):
    commands = ["test.add?fields[n]=1", "test.add?fields[refuse]=1", "test.add?fields[n]=3"]
    async with connect() as call:
        outcome = await run(call, commands, halt=halt)
        assert len(await call.result("test.notes")) == carried_out
    assert len(outcome["result_error"]) == 1


async def test_what_is_no_text_is_skipped_and_a_batch_in_a_batch_refused(connect: Connect):
    async with connect() as call:
        outcome = await run(call, {"a": {"method": "test.page"}, "b": 5, "c": None, "d": "batch?cmd[0]=test.page"})
    assert outcome["result"] == []
    assert outcome["result_error"] == {
        "d": {"error": "ERROR_BATCH_METHOD_NOT_ALLOWED", "error_description": "Method is not allowed for batch usage"}
    }


async def test_references_take_the_results_of_earlier_commands(connect: Connect):
    commands = {
        "first": "test.types?id=7&fields[list][]=a&fields[list][]=b",
        "page": "test.page?start=50",
        "bad": "test.types",
        "id": "test.types?id=$result[first][id]",
        "typed": "test.types?id=1&anything=$result[first][fields]",
        "deep": "test.types?id=1&fields[a][b]=$result[first][fields][list][1]",
        "text": "test.types?id=1&name=deal+$result[first][id]+of+$total[page]/$next[page]",
        "roots": "test.types?id=$next[page]&ratio=$total[page]&anything=$error[bad][error]",
    }
    async with connect() as call:
        results = (await run(call, commands))["result"]
    assert results["id"]["id"] == 7
    assert results["typed"]["anything"] == {"list": ["a", "b"]}
    assert results["deep"]["fields"] == {"a": {"b": "b"}}
    assert results["text"]["name"] == "deal 7 of 120"
    assert (results["roots"]["id"], results["roots"]["ratio"], results["roots"]["anything"]) == (100, 120, 100)


async def test_references_have_odd_rules(connect: Connect):
    commands = {
        "first": "test.types?id=7",
        "bad": "test.types",
        "failed": "test.types?id=$result[bad]",
        "stops": "test.types?id=1&anything=$result[first][id][deeper]",
        "whole": "test.types?id=1&anything=$result[missing][id]",
        "map_in_text": "test.types?id=1&name=see+$result[first]+there",
        "no_root": "test.types?id=1&name=$results+$result+$price[first]+5$",
    }
    async with connect() as call:
        outcome = await run(call, commands)
    assert outcome["result_error"]["failed"]["error"] == 100
    assert outcome["result"]["stops"]["anything"] == 7
    assert outcome["result"]["whole"]["anything"].keys() == {"first", "stops"}
    assert outcome["result"]["map_in_text"]["name"] == "see $result[first] there"
    assert outcome["result"]["no_root"]["name"] == "$results $result $price[first] 5$"


async def test_texts_that_double_come_to_an_end(connect: Connect):
    commands = {"0": "test.types?id=1&name=xxxxxxxx"}
    for number in range(1, 50):
        commands[str(number)] = f"test.types?id=1&name=$result[{number - 1}][name]+$result[{number - 1}][name]"
    async with connect() as call:
        outcome = await run(call, commands, halt=1)
    assert [each["error"] for each in outcome["result_error"].values()] == ["INVALID_REQUEST"]


async def test_commands_ask_for_their_own_scopes(connect: Connect):
    async with connect("without_salescenter") as call:
        outcome = await run(call, {"a": "test.empty", "b": "test.page", "c": "no.such.method"})
    assert {key: each["error"] for key, each in outcome["result_error"].items()} == {
        "a": "insufficient_scope",
        "c": "ERROR_METHOD_NOT_FOUND",
    }
    assert outcome["result"] == {"b": [0]}
