"""How a request says what it wants: addresses, encodings, and everything that is none."""

from __future__ import annotations

import json

import httpx2
import pytest

from .conftest import Connect

pytestmark = pytest.mark.anyio

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("name", ["test.types", "test.types.json", "TEST.Types", "Test.Types.json", "test.types/"])
async def test_a_method_is_found_in_any_case_with_or_without_json(connect: Connect, name: str):
    async with connect() as call:
        assert (await call.result(name, {"id": 7}))["id"] == 7


async def test_get_post_query_form_multipart_and_json_say_the_same(connect: Connect):
    query = "id=7&fields[ownerId]=1&fields[%40in][0]=5&fields[%40in][]=6&items[]=a"
    parts = {"id": "7", "fields[ownerId]": "1", "fields[@in][0]": "5", "fields[@in][]": "6", "items[]": "a"}
    async with connect() as call:
        http = call.http
        answers = [
            await http.get(f"test.types?{query}"),
            await http.post(f"test.types?{query}"),
            await http.post("test.types", content=query, headers=FORM),
            await http.post("test.types", files={name: (None, value) for name, value in parts.items()}),
            await http.post(
                "test.types", json={"id": 7, "fields": {"ownerId": "1", "@in": ["5", "6"]}, "items": ["a"]}
            ),
        ]
    for answer in answers:
        result = answer.json()["result"]
        assert result["id"] == 7
        assert result["fields"] == {"ownerId": "1", "@in": ["5", "6"]}
        assert result["items"] == ["a"]


async def test_the_body_goes_before_the_query(connect: Connect):
    async with connect() as call:
        answer = await call.http.post("test.types?id=1&name=query", json={"id": 2})
    assert (answer.json()["result"]["id"], answer.json()["result"]["name"]) == (2, "query")


async def test_a_json_body_that_does_not_say_so_is_not_read(connect: Connect):
    async with connect() as call:
        answer = await call.http.post("test.types", content=b'{"id": 7}', headers={"content-type": "text/plain"})
    assert answer.json() == {"error": 100, "error_description": "Could not find value for parameter {id}"}


async def test_text_comes_back_as_it_went_in(connect: Connect):
    text = 'Robert\'); DROP TABLE payment;-- <script>alert("1")</script> & \u2028 ü 漢 \U0001f600 \x00'
    async with connect() as call:
        answer = await call.post("test.types", {"id": 1, "name": text, "fields": {text: text}})
        form = await call.http.post("test.types", data={"id": "1", "name": text})
    assert answer.json()["result"]["name"] == text
    assert answer.json()["result"]["fields"] == {text: text}
    assert form.json()["result"]["name"] == text
    assert b"<script" not in answer.content


def nested(depth: int) -> bytes:
    return b'{"id": 1, "anything": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"id": 1', JSON),
        (b'{"id": NaN}', JSON),
        (b'{"id": 1, "ratio": -Infinity}', JSON),
        (b'{"id": 1, "ratio": 1e999}', JSON),
        (b'{"id": 1, "name": "\xff\xfe"}', JSON),
        (b'{"id": 1, "name": "\\ud800"}', JSON),
        (b'{"id": ' + b"9" * 5000 + b"}", JSON),
        (nested(100), JSON),
        (nested(100_000), JSON),
        (b'"id"', JSON),
        (b"[1, 2]", JSON),
        (b"", {**JSON, "extra": "empty bodies are no JSON, but no harm either"}),
        (b"id=1&name=%FF%FE", FORM),
        (b"id=1&name=\xff", FORM),
        (b"id=1&a" + b"[a]" * 100 + b"=1", FORM),
        (
            b"--x\r\nContent-Disposition: form-data; name=id\r\n\r\n\xff\r\n--x--",
            {"content-type": "multipart/form-data; boundary=x"},
        ),
    ],
)
async def test_what_cannot_be_read_is_refused(connect: Connect, body: bytes, headers: dict[str, str]):
    async with connect() as call:
        answer = await call.http.post("test.add?fields[a]=1", content=body, headers=headers)
        kept = await call.result("test.notes")
    if body:
        assert answer.status_code == 400
        assert answer.json()["error"] == "INVALID_REQUEST"
        assert kept == []
    else:
        assert kept == [{"a": "1"}]


async def test_a_body_of_fifty_megabytes_is_refused(connect: Connect):
    body = b'{"fields": {"name": "' + b"x" * 50_000_000 + b'"}}'
    async with connect() as call:
        answer = await call.http.post("test.add", content=body, headers=JSON)
        assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_REQUEST")
        assert await call.result("test.notes") == []


@pytest.mark.parametrize(
    "path", ["", "/", "1/", "api/1/code/profile", "%00", "%FF", "1/code", "profile.xml", "x" * 5000]
)
async def test_odd_addresses_are_refused_with_an_error_of_the_portal(connect: Connect, path: str):
    async with connect() as call, httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{call.portal.address}/rest/{path}", json={})
    assert answer.status_code in (401, 404)


async def test_an_unknown_method_does_not_exist(connect: Connect):
    async with connect() as call:
        answer = await call.post("crm.item.payment.refund")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"},
    )


async def test_php_arrays_are_maps_and_lists_at_once(connect: Connect):
    async with connect() as call:
        assert (await call.result("test.types", {"id": 1, "fields": []}))["fields"] == []
        assert (await call.result("test.types", {"id": 1, "fields": ["a"]}))["fields"] == {"0": "a"}
        assert (await call.result("test.types", {"id": 1, "items": {"5": "a"}}))["items"] == ["a"]
        answer = await call.http.post("test.types?id=1&fields[a.b][1]=x&fields[a.b][0]=y&anything.b=1&anything[=2")
    assert json.loads(answer.content)["result"]["fields"] == {"a.b": {"1": "x", "0": "y"}}
