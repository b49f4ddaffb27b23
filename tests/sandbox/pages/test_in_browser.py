"""The pages in a real browser: what a person sees happen, by mouse and by keyboard alone."""

from __future__ import annotations

import pytest
from bitrix24_commerce.sandbox import Portal

from .browser import ENTER, Browser
from .conftest import Visitor
from .test_safety import SCRIPT

pytestmark = pytest.mark.anyio

DEAL = "/crm/deal/details/13142/"


async def billed(visitor: Visitor) -> str:
    """Bill a part of deal 13142 and give the link for its customer."""
    payment = await visitor.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    await visitor.call("crm.item.payment.product.add", {"paymentId": payment, "rowId": 17650, "quantity": 1})
    return await visitor.link(payment)


async def test_a_click_on_pay_makes_the_deals_page_show_it_paid(sandbox: Portal, visitor: Visitor, browser: Browser):
    link = await billed(visitor)
    await browser.open(sandbox.address + DEAL)
    assert (await browser.text(".payment")).endswith("Unpaid iphone 10xs Item 1212 1 × 5,550.00")
    await browser.run("window.notReloaded = true")
    deal, _ = await browser.open_window(sandbox.address + link)
    await browser.click("button")
    assert "Thank you." in await browser.text(".thanks")
    await browser.switch(deal)
    await browser.until("document.querySelector('.payment .state').textContent === 'Paid'")
    assert await browser.text(".sums .state") == "Part paid"
    assert await browser.text("#calls li") == "payment page 303 0 ms 12:00:00 orderId: 3661, paymentId: 1066"
    assert await browser.run("return window.notReloaded")


async def test_the_live_log_shows_a_call_as_it_happens_and_the_page_follows(
    sandbox: Portal, visitor: Visitor, browser: Browser
):
    await browser.open(sandbox.address + DEAL)
    await browser.until("document.getElementById('connection').textContent === 'Live'")
    row = {"ownerId": 13142, "ownerType": "D", "productName": SCRIPT, "price": 1000}
    await visitor.call("crm.item.productrow.add", {"fields": row})
    await browser.until("document.querySelectorAll('#calls li').length === 1")
    assert "crm.item.productrow.add 200" in await browser.text("#calls li")
    await browser.until("document.querySelector('.sums dd').textContent === '276,637.00 USD'")
    assert SCRIPT in await browser.text("#records")
    assert await browser.run("return document.images.length") == 0


async def test_everything_can_be_reached_with_the_keyboard_alone(sandbox: Portal, visitor: Visitor, browser: Browser):
    link = await billed(visitor)
    await browser.open(sandbox.address)
    await browser.tab_to(".skip")
    await browser.press(ENTER)
    assert await browser.run("return document.activeElement.id") == "content"
    await browser.tab_to("#search")
    await browser.press(*"harbour", ENTER)
    await browser.find("#search[value=harbour]")
    assert await browser.text("caption") == "1 found, the newest first"
    await browser.tab_to("tbody a")
    await browser.press(ENTER)
    await browser.find(".object")
    assert await browser.text("h1") == "Phones for Harbour Design Studio"
    await browser.tab_to("#calls summary")
    assert await browser.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await browser.press(ENTER)
    assert "Answer" in await browser.text("#calls details[open]")
    await browser.open(sandbox.address + link)
    await browser.tab_to("button")
    await browser.press(ENTER)
    assert "Thank you." in await browser.text(".thanks")


async def test_the_focus_stays_when_the_page_renews_itself(sandbox: Portal, visitor: Visitor, browser: Browser):
    await browser.open(f"{sandbox.address}/?search=harbour")
    await browser.until("document.getElementById('connection').textContent === 'Live'")
    await browser.tab_to("tbody a")
    await visitor.call("crm.item.payment.add", {"entityId": 13142, "entityTypeId": 2})
    await browser.until("document.querySelector('#records .state').textContent === 'Unpaid'")
    assert await browser.run("return document.activeElement.getAttribute('href')") == DEAL


async def test_the_log_catches_up_after_the_connection_was_lost(visitor: Visitor, browser: Browser, sandbox: Portal):
    await browser.open(sandbox.address + "/log")
    await browser.until("document.getElementById('connection').textContent === 'Live'")
    await browser.run("source.close()")
    await visitor.call("server.time", {})
    await browser.run("connect()")
    await browser.until("document.querySelectorAll('#calls li').length === 1")


async def test_without_script_a_reload_shows_the_newer_calls(visitor: Visitor, browser: Browser, sandbox: Portal):
    await browser.forbid_scripts()
    await browser.open(sandbox.address + "/log")
    await visitor.call("server.time", {})
    await browser.click("noscript a")
    assert "server.time 200" in await browser.text("#calls li")


# Text against what is behind it, by the formula of WCAG 2.2; large text, too, is held to what small text needs.
CONTRAST = """
const channels = (color) => color.match(/[\\d.]+/g).map(Number);
const luminance = ([red, green, blue]) => [red, green, blue]
  .map((value) => value / 255)
  .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
  .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const behind = (element) => {
  for (; element; element = element.parentElement) {
    const color = channels(getComputedStyle(element).backgroundColor);
    if (color[3] !== 0) return color;
  }
  return [255, 255, 255];
};
const faint = new Set();
let seen = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
  const pair = [channels(getComputedStyle(element).color), behind(element)].map(luminance).sort((a, b) => b - a);
  const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
  seen += 1;
  if (ratio < 4.5) faint.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
}
return [seen, [...faint], document.documentElement.scrollWidth - innerWidth];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_are_readable_on_a_phone_and_on_a_desk(
    sandbox: Portal, visitor: Visitor, browser: Browser, scheme: str
):
    link = await billed(visitor)
    long = {"ownerId": 13142, "ownerType": "D", "productName": "M" * 200, "price": 123456789.12, "quantity": 12345}
    await visitor.call("crm.item.productrow.add", {"fields": long})
    await visitor.call("crm.item.payment.get", {"id": 5})
    for width in (320, 1280):
        await browser.look(width=width, scheme=scheme)
        for path in ("/", DEAL, "/crm/deal/details/13127/", "/crm/deal/details/13160/", "/log", link):
            await browser.open(sandbox.address + path)
            await browser.run("for (const call of document.querySelectorAll('details')) call.open = true")
            seen, faint, sideways = await browser.run(CONTRAST)
            assert seen > 10
            assert (path, faint) == (path, [])
            assert (path, width, max(0, sideways)) == (path, width, 0)
