"""Calls as commands of a batch: what arrives there is what was meant, or the call stays out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest
from bitrix24_commerce.rest.batch import command, outcomes, request, times
from bitrix24_commerce.rest.connection import Answer
from bitrix24_commerce.rest.errors import NotFound, ServerFailure, UnreadableReply
from bitrix24_commerce.sandbox.php import decode
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

METHOD = "crm.item.productrow.list"


def test_a_command_is_a_method_and_a_query_as_php_reads_it() -> None:
    found = command(
        METHOD, {"filter": {"=ownerType": "D", "=ownerId": 13142, "@id": [17649, 17650]}, "order": {"id": "ASC"}}
    )
    assert found == snapshot(
        "crm.item.productrow.list?filter%5B%3DownerType%5D=D&filter%5B%3DownerId%5D=13142"
        "&filter%5B%40id%5D%5B0%5D=17649&filter%5B%40id%5D%5B1%5D=17650&order%5Bid%5D=ASC"
    )
    assert command("profile", {}) == "profile"


def test_several_commands_make_one_request() -> None:
    assert request(["profile", "scope"]) == snapshot({"halt": 0, "cmd": {"call0": "profile", "call1": "scope"}})


@pytest.mark.parametrize(
    "value",
    [
        "$result[call0][id]",
        "price $next[call0]",
        "$total[x]",
        "$time[x]",
        "$error[x]",
        ["harmless", "$result[call0]"],
        {"%productName": "$result[call0]"},
        {"$result[call0]": 1},
    ],
)
def test_text_that_could_be_taken_for_a_reference_stays_out(value: object) -> None:
    assert command(METHOD, {"filter": value}) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        [],
        {},
        {"filter": []},
        [None],
        5.0,
        1e30,
        1e-9,
        10**18,
        Decimal("1E-9"),
        {"0": "a list to PHP"},
        {"": "an added element"},
        {"a]b": 1},
        {"a[b": 1},
        {" a": 1},
        "\0",
        list(range(501)),
    ],
)
def test_what_a_query_cannot_carry_stays_out(value: object) -> None:
    assert command(METHOD, {"filter": value}) is None


def test_names_that_php_changes_stay_out() -> None:
    assert command(METHOD, {"a.b": 1}) is None
    assert command(METHOD, {"a b": 1}) is None
    assert command(METHOD, {"a[b]": 1}) is None


def nested(depth: int) -> object:
    return 1 if depth == 0 else [nested(depth - 1)]


def test_what_is_nested_deeper_than_php_reads_stays_out() -> None:
    assert command(METHOD, {"filter": nested(50)}) is not None
    assert command(METHOD, {"filter": nested(70)}) is None


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
scalars = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            names | st.builds("{}{}".format, st.sampled_from([">=", "!@", "=", "%"]), names), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def as_text(value: object) -> object:
    """What is left of a value where everything is text."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [as_text(item) for item in cast("list[object]", value)]
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    return str(float(value)) if isinstance(value, Decimal) else str(value)


@given(st.dictionaries(names, values, max_size=4))
def test_whatever_travels_as_a_command_arrives_as_it_is(parameters: dict[str, Any]) -> None:
    found = command(METHOD, parameters)
    if found is not None:
        method, _, query = found.partition("?")
        assert method == METHOD
        assert decode(query) == as_text(parameters)


def test_each_command_has_its_own_answer_or_error() -> None:
    batch = Answer(
        {
            "result": {"call0": [{"id": 1}], "call3": None},
            "result_error": {
                "call1": {"error": 0, "error_description": "Payment has not been found at https://portal/secret"},
                "call2": {"error": "INTERNAL_SERVER_ERROR", "error_description": "Internal server error"},
            },
            "result_total": {"call0": 51},
            "result_next": {"call0": 50},
            "result_time": {"call0": {"operating": Decimal("0.2")}},
        }
    )
    rows, missing, failed, nothing, absent = outcomes(batch, 5, lambda text: text.replace("secret", "…"))
    assert rows == Answer([{"id": 1}], total=51, next=50, time={"operating": Decimal("0.2")})
    assert isinstance(missing, NotFound)
    assert missing.description == "Payment has not been found at https://portal/…"
    assert isinstance(failed, ServerFailure)
    assert nothing == Answer(None)
    assert isinstance(absent, UnreadableReply)


def test_empty_maps_come_as_lists() -> None:
    batch = Answer(
        {"result": {"call0": 1}, "result_error": [], "result_total": [], "result_next": [], "result_time": []}
    )
    assert outcomes(batch, 1, str) == [Answer(1)]


def test_an_answer_that_is_no_batch_is_unreadable() -> None:
    with pytest.raises(UnreadableReply):
        outcomes(Answer([]), 2, str)


def test_the_operating_time_of_each_method_can_be_told() -> None:
    batch = Answer({"result_time": {"call0": {"operating": 1}, "call1": {"operating": 2}}})
    parameters = request(["crm.item.list?entityTypeId=2", "profile"])
    assert list(times(parameters, batch)) == [("crm.item.list", {"operating": 1}), ("profile", {"operating": 2})]
