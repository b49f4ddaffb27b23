"""A portal as the tools see it: call a method, read all pages of a list, look up a record.

A call goes down through thin layers, each of which is a `Sender`: `Portal` → … → `Connection` → the HTTP client →
`AuthorizingTransport`. `connect` puts them together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self, TypeVar, cast

from pydantic import ValidationError

from .clock import Clock, SystemClock
from .connection import Answer, Connection, Sender
from .departure import Noting
from .errors import UnreadableReply
from .limits import STANDARD, Limits
from .methods import writes
from .oauth import OAuthCredentials, Refreshing
from .object_types import ObjectType
from .pacing import Pacing
from .pages import Page, all_records
from .records import Delivery, OrderBinding, Payment, PaymentDelivery, PaymentProduct, ProductRow, Record
from .reporting import report
from .request_ids import RequestIds
from .settling import ReadBack, Settling
from .sharing import Sharing
from .transport import Credentials

R = TypeVar("R", bound=Record)
PAGE = 50


class Portal:
    """One portal, and everything that is known about it during this run."""

    def __init__(
        self, sender: Sender, *, origin: Callable[[], str], close: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._sender = sender
        self._origin = origin
        self._close = close
        self.request_ids = RequestIds()
        self.payment_of_item: dict[int, int] = {}
        """Payment item id → payment id, as far as seen: the portal has no method that tells."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the portal: fit to be shown."""
        return self._origin()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._close is not None:
            await self._close()

    async def answer(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        """Carry out one REST method and give its result with `total` and `next`.

        Raises:
            PortalError: No result.

        """
        before = self.origin
        answer = await self._sender.send(method, parameters)
        if self.origin != before:
            await report(0, None, f"The portal has moved to {self.origin}: let the settings name that address")
        if isinstance(answer, ReadBack):
            await report(0, None, f"The reply to {method} was lost; reading back showed that it was carried out")
        return answer

    async def call(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """Carry out one REST method and give its result.

        Raises:
            PortalError: No result.

        """
        return (await self.answer(method, parameters)).result

    async def pages(self, method: str, parameters: Mapping[str, Any], key: str) -> list[Any]:
        """Every record of a paginated list, in order; `key` names the list inside the result.

        What is promised while others change the list, `all_records` says.

        Raises:
            PortalError: A page could not be read: there is no partial list.

        """

        async def read(start: int) -> Page:
            answer = await self.answer(method, {**parameters, "start": start} if start else parameters)
            return Page(listed(answer.result, key, method), answer.total, answer.next)

        return await all_records(read)

    async def item(self, kind: ObjectType, id: int) -> dict[str, Any]:
        """A deal, invoice, lead, … with its title, currency and total (`crm.item.get`)."""
        result = await self.call("crm.item.get", {"entityTypeId": kind.id, "id": id})
        return mapped(result, "item", "crm.item.get")

    async def product_rows(self, kind: ObjectType, id: int) -> list[ProductRow]:
        """All product rows of an object, in the portal's order."""
        method = "crm.item.productrow.list"
        rows = await self.pages(method, {"filter": {"=ownerType": kind.code, "=ownerId": id}}, "productRows")
        return records(ProductRow, rows, method)

    async def product_row(self, id: int) -> ProductRow:
        """One product row."""
        method = "crm.item.productrow.get"
        return record(ProductRow, mapped(await self.call(method, {"id": id}), "productRow", method), method)

    async def payment(self, id: int) -> Payment:
        """One payment."""
        method = "crm.item.payment.get"
        return record(Payment, await self.call(method, {"id": id}), method)

    async def payments(self, kind: ObjectType, id: int) -> list[Payment]:
        """All payments of an object; none for objects that take no payments."""
        method = "crm.item.payment.list"
        return records(Payment, await self.call(method, {"entityId": id, "entityTypeId": kind.id}), method)

    async def payment_products(self, payment_id: int) -> list[PaymentProduct]:
        """All product items of a payment."""
        method = "crm.item.payment.product.list"
        return self.seen(records(PaymentProduct, await self.call(method, {"paymentId": payment_id}), method))

    async def payment_deliveries(self, payment_id: int) -> list[PaymentDelivery]:
        """All delivery items of a payment."""
        method = "crm.item.payment.delivery.list"
        return self.seen(records(PaymentDelivery, await self.call(method, {"paymentId": payment_id}), method))

    async def delivery(self, id: int) -> Delivery:
        """One delivery."""
        method = "crm.item.delivery.get"
        return record(Delivery, await self.call(method, {"id": id}), method)

    async def bindings(self, order_id: int) -> list[OrderBinding]:
        """The CRM objects that an order is bound to: one at most."""
        method = "crm.orderentity.list"
        found = await self.call(method, {"filter": {"=orderId": order_id}})
        return records(OrderBinding, listed(found, "orderEntity", method), method)

    def seen(self, items: list[R]) -> list[R]:
        """Remember which payment holds these payment items."""
        for item in items:
            if isinstance(item, PaymentProduct | PaymentDelivery):
                self.payment_of_item[item.id] = item.paymentId
        return items


def connect(
    credentials: Credentials, *, limits: Limits = STANDARD, clock: Clock | None = None, **options: Any
) -> Portal:
    """A portal with the layers of the client between it and the network; `options` are those of `Connection`."""
    connection = Connection(credentials, **options)
    sender: Sender = connection
    if isinstance(credentials, OAuthCredentials):
        sender = Refreshing(sender, credentials)
    clock = clock or SystemClock()
    pacing = Pacing(Noting(sender, clock), limits, clock)
    settling = Settling(pacing, clock)
    sender = Sharing(settling, pacing, hide=credentials.hide)
    portal = Portal(sender, origin=lambda: connection.origin, close=connection.aclose)
    settling.payment_of_item = portal.payment_of_item
    return portal


def record(kind: type[R], value: object, method: str) -> R:
    """One record of the portal.

    Raises:
        UnreadableReply: It is not of the documented shape.

    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        fields = sorted({".".join(str(part) for part in problem["loc"]) or "result" for problem in error.errors()})
    raise _misshapen(method, f"unexpected {', '.join(fields)}")


def records(kind: type[R], value: object, method: str) -> list[R]:
    """A list of the portal's records; an empty map is an empty list (facts.md §1.3).

    Raises:
        UnreadableReply: It is not of the documented shape.

    """
    if not isinstance(value, list):
        raise _misshapen(method, "no list")
    return [record(kind, entry, method) for entry in cast("list[object]", value)]


def mapped(value: object, key: str, method: str) -> dict[str, Any]:
    """The object under a key of a result; `[]` counts as an empty one.

    Raises:
        UnreadableReply: There is none.

    """
    found = cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
    if found == []:
        return {}
    if not isinstance(found, dict):
        raise _misshapen(method, f"no {key}")
    return cast("dict[str, Any]", found)


def listed(value: object, key: str, method: str) -> list[Any]:
    """The list under a key of a result (the whole result when the key is empty).

    Raises:
        UnreadableReply: There is none.

    """
    found = value if not key else cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise _misshapen(method, f"no {key or 'list'}")
    return cast("list[Any]", found)


def _misshapen(method: str, what: str) -> UnreadableReply:
    return UnreadableReply(
        "UNEXPECTED_RESULT", f"the result of {method} is not as documented: {what}", writes=writes(method)
    )
