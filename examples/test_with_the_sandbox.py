"""How a test of your own uses the sandbox: a reply gets lost on its way, and the payment exists all the same."""

import httpx2
import pytest
from bitrix24_commerce.sandbox import Portal


def add_payment(webhook_url: str, deal: int) -> int:
    """Stands for the code that you test; it needs nothing of ours but the address."""
    answer = httpx2.post(f"{webhook_url}crm.item.payment.add", json={"entityId": deal, "entityTypeId": 2})
    return answer.json()["result"]


def test_a_lost_reply_leaves_a_payment_behind() -> None:
    portal = Portal()
    portal.faults.add("reply_lost", "crm.item.payment.add")
    with portal.serve_in_thread(), pytest.raises(httpx2.RemoteProtocolError):
        add_payment(portal.webhook_url(), deal=13143)
    assert len(portal.call("crm.item.payment.list", {"entityId": 13143, "entityTypeId": 2})) == 1
    portal.close()
