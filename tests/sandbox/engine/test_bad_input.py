"""Whatever comes as an argument, every method answers as documented: never with a mistake of ours."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from bitrix24_commerce.sandbox.registry import METHODS, Method

from .conftest import Connect

pytestmark = pytest.mark.anyio

DEAL: dict[str, Any] = {"ownerType": "D", "ownerId": 13142}
NUMBERS: list[Any] = [0, -1, 1.5, "1.5", 10**30, -(10**30), 2**63 - 1, -(2**63), 1e30]
TEXTS: list[Any] = ["", "abc", "id", "x" * 10_000, "'; DROP TABLE payment;--", "<script>alert(1)</script>", "\x00"]
LISTS: list[Any] = [
    [],
    [1],
    [[[]]],
    ["id", 5, None, {"a": 1}],
    [{"productId": 10**30, "price": -5, "quantity": 1e300}],
    [{"productId": 9621, "discountTypeId": 7, "taxRate": 1e30}],
]
MAPS: list[Any] = [
    {},
    {"a": 1},
    {"id": "desc"},
    {"id": ["asc"]},
    {"id": [1, {"x": 2}]},
    {"@id": "x"},
    {"=id": 10**30},
    {">id": "1 OR 1=1"},
    {"!%id": None},
    {"0": {"logic": "OR", "0": {"=id": []}, "1": 5}},
    {"=ownerType": [1]},
    {"=ownerType": "D", "=ownerId": 10**30},
    {"=ownerType": "D", "=ownerId": 13142, ">price": {"a": 1}},
    {"paid": [1], "paySystemId": {"a": 1}},
    {"orderId": 10**30, "ownerId": "x", "ownerTypeId": []},
    DEAL,
    DEAL | {"price": 10**30},
    DEAL | {"price": "abc", "quantity": -1.5},
    DEAL | {"discountTypeId": 2, "discountRate": 1e300},
    DEAL | {"productId": [1], "productName": ["a"], "measureCode": "x"},
    DEAL | {"sort": 10**30, "quantity": 10**30},
]
JUNK: list[Any] = [None, True, False, *NUMBERS, *TEXTS, *LISTS, *MAPS]
KNOWN: dict[str, list[Any]] = {
    "id": [1036, 13142, 17649, 1195, 4077, 1201],
    "entityId": [13142, 13123],
    "entityTypeId": [2, 31, 156],
    "ownerType": ["D", "SI", "T9c"],
    "ownerId": [13142],
    "paymentId": [1039, 1040],
    "rowId": [17587],
    "quantity": [1],
    "deliveryId": [4072],
}


def arguments(method: Method, random: Random) -> dict[str, Any]:
    """Give some arguments, half of them as they should be."""
    given = [parameter.name for parameter in method.parameters if random.random() < 0.9]
    return {name: random.choice(KNOWN.get(name, JUNK) if random.random() < 0.5 else JUNK) for name in given}


@pytest.mark.parametrize("profile", ["classic", "current"])
async def test_no_argument_leads_to_a_mistake(connect: Connect, profile: str):
    random = Random(24)  # noqa: S311
    wrong: list[tuple[str, Any, str]] = []
    async with connect(scenario="shop", profile=profile) as call:
        for method in list(METHODS.values()):
            for _ in range(15):
                given = arguments(method, random)
                answer = await call.post(method.name, given)
                if answer.status_code not in (200, 400, 403, 405) or not {"result", "error"} & answer.json().keys():
                    wrong.append((method.name, given, answer.text))
    assert wrong == []
