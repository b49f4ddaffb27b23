"""What holds whatever is done to the portal, in whatever order: random sequences of calls, looked at from outside."""

from __future__ import annotations

import asyncio
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast
from urllib.parse import quote

from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.clock import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from .domain.conftest import NOON, Desk, contents

BOUNDED = settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=16,
    stateful_step_count=25,
)
DEALS = (13127, 13145)
"""One with an order and two deliveries, one without an order."""

deals = st.sampled_from(DEALS)
prices = st.decimals("0", "500", places=2).map(float)
quantities = st.one_of(st.integers(2, 12), st.sampled_from([0, 0.5, 2.25]))
counts = st.integers(0, 4)
fields = st.fixed_dictionaries(
    {"price": prices, "quantity": quantities},
    optional={
        "taxRate": st.sampled_from([None, 20, 7.5]),
        "taxIncluded": st.sampled_from(["Y", "N"]),
        "discountTypeId": st.just(2),
        "discountRate": st.sampled_from([0, 10]),
        "productId": st.sampled_from([9601, 9610, 1]),
    },
)


def exact(number: float) -> Decimal:
    return Decimal(str(number))


def cents(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


class Shop(RuleBasedStateMachine):
    """A person at work on two deals, who writes down what each payment should amount to."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.desk = Desk(Portal(clock=Clock(NOON)), "administrator")
        self.seen: dict[str, Any] = {}
        self.sums: dict[int, Decimal] = {}
        self.deals: dict[int, int] = {}
        """By payment."""
        self.last_ids = {"row": 17677, "payment": 1065, "item": 1211}
        for deal in DEALS:
            self.add_row(deal, {"price": 120, "quantity": 5, "taxRate": 20, "taxIncluded": "N"})

    def teardown(self) -> None:
        self.desk.portal.close()
        self.runner.close()

    def call(self, method: str, **parameters: Any) -> Any:
        """Give the result, or None when the portal refuses; then nothing may have changed."""
        before = contents(self.desk.portal)
        answer = self.runner.run(self.desk.answer(method, parameters))
        self.seen.clear()
        if "error" in answer:
            assert answer["error"] != "INTERNAL_SERVER_ERROR"
            assert contents(self.desk.portal) == before
            return None
        return answer["result"]

    def read(self, method: str, **parameters: Any) -> Any:
        """Give the result of a call that changes nothing; between two changes it is made once."""
        key = f"{method} {parameters}"
        if key not in self.seen:
            self.seen[key] = self.runner.run(self.desk(method, parameters))
        return self.seen[key]

    def rows(self, deal: int) -> list[dict[str, Any]]:
        return self.read("crm.item.productrow.list", filter={"=ownerType": "D", "=ownerId": deal})["productRows"]

    def payments(self, deal: int) -> list[dict[str, Any]]:
        return self.read("crm.item.payment.list", entityId=deal, entityTypeId=2)

    def deliveries(self, deal: int) -> list[dict[str, Any]]:
        return self.read("crm.item.delivery.list", entityId=deal, entityTypeId=2)

    def products(self, payment: int) -> list[dict[str, Any]]:
        return self.read("crm.item.payment.product.list", paymentId=payment)

    def delivered(self, payment: int) -> list[dict[str, Any]]:
        return self.read("crm.item.payment.delivery.list", paymentId=payment)

    def new_id(self, kind: str, *ids: int) -> None:
        for id in ids:
            assert id > self.last_ids[kind], f"{kind} {id} is not new"
            self.last_ids[kind] = id

    def write_down(self, *payments: int) -> None:
        """Compute what a payment's items say now."""
        for payment in payments:
            total = Decimal(0)
            for item in self.products(payment):
                row = self.read("crm.item.productrow.get", id=item["rowId"])["productRow"]
                price = row["price"] if row["taxIncluded"] == "Y" else row["priceExclusive"]
                total += exact(price) * exact(item["quantity"])
            for item in self.delivered(payment):
                total += exact(self.read("crm.item.delivery.get", id=item["deliveryId"])["priceDelivery"])
            self.sums[payment] = cents(total)

    def holding(self, deal: int, rows: set[int]) -> list[int]:
        payments = [payment["id"] for payment in self.payments(deal)]
        return [payment for payment in payments if rows & {item["rowId"] for item in self.products(payment)}]

    @rule(deal=deals, fields=fields)
    def add_row(self, deal: int, fields: dict[str, Any]) -> None:
        added = self.call("crm.item.productrow.add", fields={"ownerId": deal, "ownerType": "D", **fields})
        if added:
            self.new_id("row", added["productRow"]["id"])

    @rule(deal=deals, data=st.data(), fields=fields)
    def update_row(self, deal: int, data: st.DataObject, fields: dict[str, Any]) -> None:
        row = data.draw(st.sampled_from([row["id"] for row in self.rows(deal)] or [1]))
        self.call("crm.item.productrow.update", id=row, fields=fields)

    @rule(deal=deals, data=st.data())
    def delete_row(self, deal: int, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from([row["id"] for row in self.rows(deal)] or [1]))
        touched = self.holding(deal, {row})
        self.call("crm.item.productrow.delete", id=row)
        if row not in {row["id"] for row in self.rows(deal)}:
            self.write_down(*touched)

    @rule(deal=deals, data=st.data(), new=st.lists(fields, max_size=2))
    def set_rows(self, deal: int, data: st.DataObject, new: list[dict[str, Any]]) -> None:
        present = self.rows(deal)
        kept = [row for row in present if data.draw(st.booleans())]
        gone = {row["id"] for row in present} - {row["id"] for row in kept}
        touched = self.holding(deal, gone)
        result = self.call("crm.item.productrow.set", ownerId=deal, ownerType="D", productRows=[*kept, *new])
        if result:
            left = {row["id"] for row in result["productRows"]}
            assert left >= {row["id"] for row in kept}
            assert len(left) == len(kept) + len(new) or not gone.isdisjoint(left)
            self.new_id("row", *sorted(left - {row["id"] for row in present}))
            self.write_down(*touched)

    @rule(deal=deals)
    def add_payment(self, deal: int) -> None:
        payment = self.call("crm.item.payment.add", entityId=deal, entityTypeId=2)
        self.new_id("payment", payment)
        self.sums[payment], self.deals[payment] = Decimal(0), deal
        for row in self.rows(deal)[-2:]:
            self.bill(payment, row["id"], 1)

    def bill(self, payment: int, row: int, quantity: int) -> None:
        item = self.call("crm.item.payment.product.add", paymentId=payment, rowId=row, quantity=quantity)
        if item:
            self.new_id("item", item)
            self.write_down(payment)

    @precondition(lambda self: self.sums)
    @rule(data=st.data(), quantity=counts)
    def add_product(self, data: st.DataObject, quantity: int) -> None:
        payment = data.draw(st.sampled_from(sorted(self.sums)))
        row = data.draw(st.sampled_from([row["id"] for row in self.rows(self.deals[payment])] or [1]))
        self.bill(payment, row, quantity)

    @precondition(lambda self: self.sums)
    @rule(data=st.data(), deal=deals)
    def add_delivery(self, data: st.DataObject, deal: int) -> None:
        payment = data.draw(st.sampled_from(sorted(self.sums)))
        shipment = data.draw(st.sampled_from([delivery["id"] for delivery in self.deliveries(deal)] or [1]))
        present = [item["id"] for item in self.delivered(payment)]
        item = self.call("crm.item.payment.delivery.add", paymentId=payment, deliveryId=shipment)
        if item and item not in present:
            self.new_id("item", item)
            self.write_down(payment)

    @precondition(lambda self: self.sums)
    @rule(data=st.data(), quantity=counts)
    def change_item(self, data: st.DataObject, quantity: int) -> None:
        """Set the quantity of a product; with 0, take the item out."""
        payment = data.draw(st.sampled_from(sorted(self.sums)))
        items = self.products(payment) + (self.delivered(payment) if quantity == 0 else [])
        item = data.draw(st.sampled_from(items or [{"id": 1}]))
        if quantity:
            done = self.call("crm.item.payment.product.setQuantity", id=item["id"], quantity=quantity)
        else:
            family = "delivery" if "deliveryId" in item else "product"
            done = self.call(f"crm.item.payment.{family}.delete", id=item["id"])
        if done:
            self.write_down(payment)

    @precondition(lambda self: self.sums)
    @rule(data=st.data(), action=st.sampled_from(["pay", "unpay", "delete"]))
    def settle(self, data: st.DataObject, action: str) -> None:
        payment = data.draw(st.sampled_from(sorted(self.sums)))
        if self.call(f"crm.item.payment.{action}", id=payment) and action == "delete":
            del self.sums[payment]

    @rule(deal=deals, price=prices)
    def add_shipment(self, deal: int, price: float) -> None:
        orders = self.read("crm.orderentity.list", filter={"=ownerTypeId": 2, "=ownerId": deal})["orderEntity"]
        for order in orders:
            shipment = {"allowDelivery": "Y", "deducted": "N", "deliveryId": 230, "priceDelivery": price}
            assert self.call("sale.shipment.add", fields={"orderId": order["orderId"], **shipment})

    @invariant()
    def the_total_of_a_deal_is_the_sum_of_its_rows_and_deliveries(self) -> None:
        for deal in DEALS:
            total = sum((exact(row["price"]) * exact(row["quantity"]) for row in self.rows(deal)), Decimal(0))
            total = cents(total) + sum((exact(each["priceDelivery"]) for each in self.deliveries(deal)), Decimal(0))
            item = self.read("crm.item.get", entityTypeId=2, id=deal)["item"]
            assert exact(item["opportunity"]) == total

    @invariant()
    def billed_plus_available_equals_ordered(self) -> None:
        for deal in DEALS:
            billed: dict[int, Decimal] = {}
            for payment in self.payments(deal):
                for item in self.products(payment["id"]):
                    billed[item["rowId"]] = billed.get(item["rowId"], Decimal(0)) + exact(item["quantity"])
            found = self.read("crm.item.productrow.getAvailableForPayment", ownerId=deal, ownerType="D")
            available = {row["id"]: exact(row["quantity"]) for row in found["productRows"]}
            for row in self.rows(deal):
                left = exact(row["quantity"]) - billed.get(row["id"], Decimal(0))
                assert available.get(row["id"], Decimal(0)) == max(left, Decimal(0))

    @invariant()
    def the_sum_of_a_payment_is_what_its_items_said_when_they_last_changed(self) -> None:
        listed = {payment["id"]: payment for deal in DEALS for payment in self.payments(deal)}
        assert listed.keys() == self.sums.keys()
        for id, payment in listed.items():
            assert exact(payment["sum"]) == self.sums[id]


TestShop = Shop.TestCase
TestShop.settings = BOUNDED

ids = st.sampled_from([17587, 17588, 17649, 17650, 17679, 1])
payments = st.sampled_from([1037, 1039, 1040, 1063, 1066, 1])
CALLS = st.one_of(
    st.tuples(
        st.just("crm.item.productrow.add"), st.fixed_dictionaries({"fields": fields}).map(lambda call: owned(call))
    ),
    st.tuples(st.just("crm.item.productrow.update"), st.fixed_dictionaries({"id": ids, "fields": fields})),
    st.tuples(st.just("crm.item.productrow.delete"), st.fixed_dictionaries({"id": ids})),
    st.tuples(
        st.just("crm.item.productrow.list"), st.just({"filter": {"=ownerType": "D", "=ownerId": 13126, ">price": 1}})
    ),
    st.tuples(st.just("crm.item.payment.add"), st.just({"entityId": 13145, "entityTypeId": 2})),
    st.tuples(
        st.sampled_from([f"crm.item.payment.{action}" for action in ("get", "pay", "unpay", "delete")]),
        st.fixed_dictionaries({"id": payments}),
    ),
    st.tuples(
        st.just("crm.item.payment.product.add"),
        st.fixed_dictionaries({"paymentId": payments, "rowId": ids, "quantity": counts}),
    ),
    st.tuples(st.just("crm.item.payment.product.list"), st.fixed_dictionaries({"paymentId": payments})),
)


def owned(call: dict[str, Any]) -> dict[str, Any]:
    return {"fields": {"ownerType": "D", "ownerId": 13126, **call["fields"]}}


def command(method: str, parameters: dict[str, Any]) -> str:
    """Write a call as a batch holds it: PHP's query strings."""

    def pairs(name: str, value: object) -> list[str]:
        if isinstance(value, dict):
            parts = cast("dict[str, object]", value)
            return [pair for key, part in parts.items() for pair in pairs(f"{name}[{key}]", part)]
        return [f"{quote(name)}={quote('' if value is None else str(value))}"]

    return f"{method}?" + "&".join(pair for name, value in parameters.items() for pair in pairs(name, value))


@settings(BOUNDED, max_examples=25)
@given(calls=st.lists(CALLS, min_size=1, max_size=12))
def test_a_batch_does_what_its_calls_do_one_by_one(calls: list[tuple[str, dict[str, Any]]]):
    single, batched = (Desk(Portal(clock=Clock(NOON)), "administrator") for _ in range(2))

    async def run() -> tuple[list[Any], dict[str, Any]]:
        commands = {f"call{number}": command(*call) for number, call in enumerate(calls)}
        return [await single.answer(*call) for call in calls], await batched("batch", {"cmd": commands})

    answers, batch = asyncio.run(run())
    for number, answer in enumerate(answers):
        key = f"call{number}"
        if "error" in answer:
            assert batch["result_error"][key] == answer
        else:
            assert batch["result"][key] == answer["result"]
            assert dict(batch["result_total"] or {}).get(key) == answer.get("total")
    assert contents(single.portal) == contents(batched.portal)
    single.portal.close()
    batched.portal.close()
