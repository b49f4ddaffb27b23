"""Nothing that removes or overwrites is sent before somebody agreed to a preview of it (design §4)."""

from __future__ import annotations

import pytest
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.tools import OPERATIONS

from .clients import (
    AGREES,
    ERAS,
    Era,
    Person,
    carried_out,
    client_of,
    content_of,
    failure_of,
    text_of,
    writes_that_reached,
)
from .guarded_calls import GUARDED

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("mode", ERAS)]

UNBIND = "orderentity_delete_by_filter"


@pytest.mark.parametrize("name", GUARDED)
async def test_where_nobody_can_be_asked_the_preview_comes_back_and_confirm_carries_it_out(
    sandbox: Portal, name: str, mode: Era
):
    async with client_of(sandbox.webhook_url(), mode=mode) as client:
        answer = await client.call_tool(name, GUARDED[name].arguments)

        assert content_of(answer).keys() == {"status", "preview"}
        assert content_of(answer)["status"] == "confirmation_required"
        assert content_of(answer)["preview"]["changes"]
        assert text_of(answer).startswith("NOT DONE YET, nothing was changed.")
        assert text_of(answer).endswith(f"call {name} again with the same arguments and confirm: true.")
        assert writes_that_reached(sandbox) == []

        answer = await client.call_tool(name, {**GUARDED[name].arguments, "confirm": True})

    assert content_of(answer)["status"] == "done"
    assert carried_out(sandbox) == [OPERATIONS[name].declaration.method]


@pytest.mark.parametrize("name", GUARDED)
async def test_a_person_declines_in_three_ways_and_then_agrees(sandbox: Portal, name: str, mode: Era):
    person = Person("decline", "cancel", {"confirm": False}, AGREES)
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        for _ in range(3):
            answer = await client.call_tool(name, GUARDED[name].arguments)
            assert content_of(answer) == {"status": "declined"}
            assert text_of(answer) == "Declined by the person who was asked. Nothing was changed."
        assert writes_that_reached(sandbox) == []

        answer = await client.call_tool(name, GUARDED[name].arguments)

    assert content_of(answer)["status"] == "done"
    assert len(person.asked) == 4
    assert carried_out(sandbox) == [OPERATIONS[name].declaration.method]


@pytest.mark.parametrize("name", [name for name in GUARDED if name != UNBIND])
async def test_a_record_that_changed_between_question_and_answer_is_asked_about_again(
    sandbox: Portal, name: str, mode: Era
):
    person = Person(AGREES, "decline", meanwhile=lambda: GUARDED[name].disturb(sandbox))
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        answer = await client.call_tool(name, GUARDED[name].arguments)
    assert content_of(answer) == {"status": "declined"}
    assert writes_that_reached(sandbox) == []
    first, second = person.asked
    assert first != second


async def test_a_binding_that_went_between_question_and_answer_is_nothing_to_remove(sandbox: Portal, mode: Era):
    person = Person(AGREES, meanwhile=lambda: GUARDED[UNBIND].disturb(sandbox))
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        text = failure_of(await client.call_tool(UNBIND, GUARDED[UNBIND].arguments))
    assert text.startswith("NOT_BOUND: order 5125 is not bound to deal 6933. Nothing was changed.")
    assert writes_that_reached(sandbox) == []
    assert len(person.asked) == 1


async def test_a_yes_to_the_new_question_carries_it_out(sandbox: Portal, mode: Era):
    call = GUARDED["payment_delete"]
    person = Person(AGREES, meanwhile=lambda: call.disturb(sandbox))
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        answer = await client.call_tool("payment_delete", call.arguments)
    assert content_of(answer)["status"] == "done"
    first, second = person.asked
    assert "item 1194" in first
    assert "item 1194" not in second
    assert carried_out(sandbox) == ["crm.item.payment.delete"]


async def test_a_no_stays_a_no_also_when_the_record_has_changed(sandbox: Portal, mode: Era):
    call = GUARDED["payment_delete"]
    person = Person("decline", AGREES, meanwhile=lambda: call.disturb(sandbox))
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        answer = await client.call_tool("payment_delete", call.arguments)
    assert content_of(answer) == {"status": "declined"}
    assert len(person.asked) == 1
    assert carried_out(sandbox) == []


async def test_the_question_is_the_preview(sandbox: Portal, mode: Era):
    person = Person("decline")
    async with (
        client_of(sandbox.webhook_url(), mode=mode) as alone,
        client_of(sandbox.webhook_url(), mode=mode, person=person) as client,
    ):
        preview = content_of(await alone.call_tool("payment_delete", {"id": 1040}))["preview"]
        await client.call_tool("payment_delete", {"id": 1040})
    changes = [f"- {each}" for each in preview["changes"]]
    consequences = [f"Then: {each}" for each in preview["consequences"]]
    assert person.asked == ["\n".join([preview["title"], *changes, *consequences, f"Undo: {preview['undo']}"])]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("orderentity_add", {"orderId": 5125, "ownerId": 6937, "ownerTypeId": 2}),
        ("payment_update", {"id": 1036, "paySystemId": 110}),
        ("payment_update", {"id": 1037, "paid": "Y"}),
        ("payment_pay", {"id": 1037}),
    ],
)
async def test_nobody_is_asked_where_nothing_is_lost(
    sandbox: Portal, name: str, arguments: dict[str, object], mode: Era
):
    sandbox.call("crm.orderentity.deleteByFilter", {"fields": {"orderId": 5125, "ownerId": 6933, "ownerTypeId": 2}})
    person = Person("decline")
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        content = content_of(await client.call_tool(name, arguments))
    assert content.get("status", "done") == "done"
    assert person.asked == []
    assert carried_out(sandbox) == [OPERATIONS[name].declaration.method]


async def test_a_binding_that_exists_already_is_no_question(sandbox: Portal, mode: Era):
    person = Person("decline")
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        answer = await client.call_tool("orderentity_add", {"orderId": 5125, "ownerId": 6933, "ownerTypeId": 2})
    assert text_of(answer).startswith("201650000001: Duplicate entry")
    assert person.asked == []


async def test_a_record_that_is_not_there_is_no_question(sandbox: Portal, mode: Era):
    person = Person(AGREES)
    async with client_of(sandbox.webhook_url(), mode=mode, person=person) as client:
        answer = await client.call_tool("payment_delete", {"id": 999999})
    assert answer.is_error
    assert text_of(answer).startswith("0: Payment has not been found.")
    assert person.asked == []
    assert writes_that_reached(sandbox) == []


@pytest.mark.parametrize("confirm", ["yes", 1, "please", None, [True]], ids=repr)
async def test_only_true_confirms(sandbox: Portal, confirm: object, mode: Era):
    async with client_of(sandbox.webhook_url(), mode=mode) as client:
        await client.call_tool("payment_delete", {"id": 1040, "confirm": confirm})
    assert writes_that_reached(sandbox) == []
