"""The demo, as a person starts it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import segno
from bitrix24_commerce.sandbox import Portal
from bitrix24_commerce.sandbox.faults import Fault
from bitrix24_commerce.server import demo
from bitrix24_commerce.server.demo_terminal import WIDTH, Terminal
from inline_snapshot import snapshot

COMMAND = str(Path(sys.executable).parent / "bitrix24-commerce-mcp")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("BITRIX24_", "COLUMNS"))}


def run_demo(**environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [COMMAND, "demo"], capture_output=True, timeout=60, check=False, env={**ENVIRONMENT, **environment}
    )


@pytest.fixture(scope="module")
def shown() -> str:
    """What the demo writes into a pipe."""
    finished = run_demo(PYTHONIOENCODING="utf-8")
    assert finished.stderr == b""
    assert finished.returncode == 0
    return finished.stdout.decode()


class FakeTerminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_assistant_makes_these_calls(shown: str) -> None:
    calls = [line for line in shown.splitlines() if line.startswith("→")]
    assert calls == snapshot(
        [
            '→ item_list entityTypeId=2 filter={"%title": "Harbour Design"} select=["id", "title", "stageId",',
            "→ productrow_list ownerType=D ownerId=13142",
            "→ payment_list entityTypeId=2 entityId=13142",
            "→ productrow_add ownerType=D ownerId=13142 productId=9621 quantity=2 price=80000 discountTypeId=2",
            '→ item_list entityTypeId=2 filter={"id": 13142} select=["id", "title", "stageId", "opportunity",',
            "→ productrow_get_available_for_payment ownerType=D ownerId=13142",
            "→ payment_add entityTypeId=2 entityId=13142",
            "→ payment_product_add paymentId=1066 rowId=17678 quantity=2",
            "→ payment_product_add paymentId=1066 rowId=17650 quantity=1",
            "→ payment_product_add paymentId=1066 rowId=17649 quantity=3",
            "→ payment_product_add paymentId=1066 rowId=17648 quantity=3",
            "→ payment_get_public_url id=1066 includeQr=true",
            "→ payment_pay id=1066",
            "→ payment_get id=1066",
            "→ payment_unpay id=1066",
            "→ payment_unpay id=1066 confirm=true",
            '→ productrow_set ownerType=D ownerId=13142 productRows=[{"productId": 9621, "price": 79999}]',
            "→ payment_delete id=1066",
            "→ payment_delete id=1066 confirm=true",
            '→ item_list entityTypeId=2 filter={"id": 13142} select=["id", "title", "stageId", "opportunity",',
            "→ productrow_list ownerType=D ownerId=13142",
            "→ payment_list entityTypeId=2 entityId=13142",
        ]
    )


def test_the_deal_is_shown_before_and_after(shown: str) -> None:
    before, after = shown.split("You: How does the deal stand now?")
    assert "Phones for Harbour Design Studio  PREPARATION       275637  USD" in before
    assert "3 of 3 product rows" in before
    assert "The deal's total moved: 275637 → 435637 USD" in before
    assert "435637" in after
    assert "4 of 4 product rows" in after


def test_everything_is_billed_and_paid(shown: str) -> None:
    assert "4 rows can still be billed" in shown
    assert "Payment 1066 no. 3661/1 is now 435637.00 USD." in shown
    assert "Payment 1066 is paid." in shown
    assert re.search(r"payment 1066 no\. 3661/1: 435637\.00 USD, paid \d{4}-", shown)


def test_guarded_calls_are_refused_and_then_confirmed(shown: str) -> None:
    refused, unpaid = shown.index("Set payment 1066 no. 3661/1 (435637.00 USD) unpaid"), shown.index("1066 is unpaid.")
    assert refused < unpaid
    assert shown.index("Delete payment 1066 no. 3661/1: 435637.00 USD") < shown.index("Payment 1066 deleted.")
    assert shown.count("NOT DONE YET, nothing was changed.") == 3


def test_replacing_the_rows_names_every_row_and_payment_item_that_would_go(shown: str) -> None:
    for row in (17648, 17649, 17650, 17678):
        assert f"- goes: row {row} " in shown
        assert re.search(rf"- goes too: item \d+: \d × .* = \d+ \(row {row}\), of payment 1066", shown)


def test_the_qr_code_is_that_of_the_link(shown: str) -> None:
    match = re.search(r"Payment 1066: (http\S+)\n((?:  [█▀▄ ]+\n)+)", shown)
    assert match is not None
    link, drawing = match.groups()
    halves = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    modules = [[halves[each][half] for each in line[2:]] for line in drawing.splitlines() for half in (0, 1)]
    wanted = [list(row) for row in segno.make_qr(link).matrix_iter(border=2)]
    assert modules[: len(wanted)] == wanted


def test_in_a_pipe_there_are_no_escape_codes_and_no_long_lines(shown: str) -> None:
    assert "\033" not in shown
    assert [line for line in shown.splitlines() if len(line) > WIDTH] == []


def test_an_output_that_holds_only_ascii_gets_only_ascii() -> None:
    finished = run_demo(PYTHONIOENCODING="ascii")
    assert (finished.returncode, finished.stderr) == (0, b"")
    text = finished.stdout.decode("ascii")
    assert "-> payment_pay id=1066" in text
    assert "3 x 29 = 87" in text
    assert re.search(r"\n  (##)+\n", text), "the QR code"


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    process = subprocess.Popen([COMMAND, "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_call_that_fails_ends_the_demo_and_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    status = demo.run(Portal(faults=[Fault("expired_token", "crm.item.productrow.add")]))
    *_, last_call = capsys.readouterr().out.rpartition("→")
    assert status == 1
    assert last_call.split()[0] == "productrow_add"
    assert "Nothing was changed." in last_call
    assert "The demo stops here: productrow_add failed" in last_call


def test_a_portal_without_the_deal_ends_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run(Portal(scenario="empty")) == 1
    assert capsys.readouterr().out.endswith("The demo stops here: deal 13142 is not there\n")


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = FakeTerminal()
    Terminal(coloured).person("Hello.")
    monkeypatch.setenv("NO_COLOR", "1")
    plain = FakeTerminal()
    Terminal(plain).person("Hello.")
    assert coloured.getvalue() == "\n\033[1mYou: Hello.\033[0m\n"
    assert plain.getvalue() == "\nYou: Hello.\n"


def test_tables_are_aligned_for_people() -> None:
    output = io.StringIO()
    Terminal(output).answer("2 rows\nid\tname\tprice\n7\tDesk\t649.5\n12\tLamp × 2\t5")
    assert output.getvalue() == snapshot("""\
  2 rows
  id  name      price
   7  Desk      649.5
  12  Lamp × 2      5
""")
