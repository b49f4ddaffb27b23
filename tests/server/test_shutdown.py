"""A server that is ended while a write is under way follows it up, and says in its log what became of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from bitrix24_commerce.sandbox import Portal

COMMAND = str(Path(sys.executable).parent / "bitrix24-commerce-mcp")
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@pytest.mark.parametrize(("end", "status"), [("SIGTERM", 130), ("SIGINT", 130), ("closed input", 0)])
def test_a_write_under_way_is_followed_up(end: str, status: int):
    with Portal().serve_in_thread() as portal:
        carried_out = threading.Event()
        portal.faults.add("another_user", "crm.item.payment.add", after=True, action=carried_out.set)
        portal.faults.add("delay", "crm.item.payment.add", seconds=60, after=True)
        environment = {"BITRIX24_WEBHOOK_URL": portal.webhook_url(), "PATH": "/usr/bin"}
        with subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as server:
            assert server.stdin is not None
            assert server.stderr is not None
            call = {"name": "payment_add", "arguments": {"entityId": 13142, "entityTypeId": 2}}
            for message in (
                {"id": 1, "method": "initialize", "params": HELLO},
                {"method": "notifications/initialized"},
                {"id": 2, "method": "tools/call", "params": call},
            ):
                server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
                server.stdin.flush()
            assert carried_out.wait(20), "the write never reached the portal"
            if end == "closed input":
                server.stdin.close()
            else:
                server.send_signal(getattr(signal, end))
            watchdog = threading.Timer(20, server.kill)
            watchdog.start()
            said = " ".join(server.stderr.read().split())
            ended_with = server.wait()
            watchdog.cancel()
    assert ended_with == status
    assert "crm.item.payment.add" in said
    assert "cancelled after it left" in said
    assert "payment 1066 has appeared since" in said
    assert len(portal.ledger) == 1
