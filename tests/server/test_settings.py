"""Settings: the environment, and the options above it."""

from __future__ import annotations

import pytest
from bitrix24_commerce.rest.limits import ENTERPRISE, SELF_HOSTED, STANDARD
from bitrix24_commerce.server.connecting import portal_opener
from bitrix24_commerce.server.settings import InvalidSettings, Settings, read_settings

CODE = "q7w8e9r0t1y2u3i4"
URL = f"https://example.bitrix24.com/rest/1/{CODE}/"


def test_other_variables_are_left_alone():
    assert read_settings({"PATH": "/bin", "BITRIX_WEBHOOK_URL": URL}) == Settings()


def test_every_setting():
    environment = {
        "BITRIX24_WEBHOOK_URL": f" {URL} ",
        "BITRIX24_READ_ONLY": "Yes",
        "BITRIX24_TOOLSETS": "payment, lookup,",
        "BITRIX24_PLAN": "enterprise",
    }
    settings = read_settings(environment)
    assert settings == Settings(URL, read_only=True, toolsets=frozenset({"payment", "lookup"}), plan="enterprise")
    assert settings.webhook().origin == "https://example.bitrix24.com"


@pytest.mark.parametrize(
    ("text", "value"),
    [*((each, True) for each in ("1", "true", "TRUE", "yes", "on")), *((each, False) for each in ("0", "no", ""))],
)
def test_true_and_false(text: str, value: bool):
    assert read_settings({"BITRIX24_READ_ONLY": text}).read_only is value


def test_options_stand_above_the_environment():
    environment = {"BITRIX24_READ_ONLY": "no", "BITRIX24_TOOLSETS": "payment"}
    settings = read_settings(environment, read_only=True, toolsets=frozenset({"lookup"}), sandbox=True)
    assert (settings.read_only, settings.toolsets, settings.sandbox) == (True, {"lookup"}, True)
    settings = read_settings(environment, read_only=None, toolsets=None)
    assert (settings.read_only, settings.toolsets) == (False, {"payment"})


def test_the_plan_is_the_portals_limits():
    assert [Settings(plan=plan).limits for plan in ("standard", "enterprise", "self-hosted")] == [
        STANDARD,
        ENTERPRISE,
        SELF_HOSTED,
    ]


@pytest.mark.parametrize("host", ["localhost:8024", "127.0.0.1:8024", "[::1]:8024", "portal.localhost"])
def test_plain_http_is_for_this_computer(host: str):
    settings = Settings(f"http://{host}/rest/1/{CODE}/")
    assert settings.webhook().origin == f"http://{host}"


@pytest.mark.parametrize("host", ["example.com", "localhost.example.com", "127.0.0.1.example.com", "10.0.0.5"])
def test_and_for_no_other(host: str):
    with pytest.raises(InvalidSettings, match="must use https"):
        Settings(f"http://{host}/rest/1/{CODE}/").webhook()


@pytest.mark.parametrize(
    "url",
    [
        "hello",
        f"https:///rest/1/{CODE}/",
        "https://example.bitrix24.com/",
        "https://example.bitrix24.com/rest/1/",
        f"https://example.bitrix24.com/rest/{CODE}/",
        f"{URL}crm.deal.list/more",
        f"ftp://example.bitrix24.com/rest/1/{CODE}/",
        f"https://anna:{CODE}@example.bitrix24.com/rest/1/{CODE}/",
        f"{URL}?auth={CODE}",
        f"https://[::1/rest/1/{CODE}/",
        f"https://example.bitrix24.com:{CODE}/rest/1/{CODE}/",
    ],
)
def test_a_malformed_webhook_is_refused_without_repeating_it(url: str):
    with pytest.raises(InvalidSettings) as refusal:
        Settings(url).webhook()
    assert str(refusal.value).startswith("BITRIX24_WEBHOOK_URL: the webhook address ")
    assert "it looks like https://" in str(refusal.value)
    assert CODE not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("BITRIX24_WEBHOOK", URL, "there is no such setting; there are BITRIX24_WEBHOOK_URL, "),
        ("BITRIX24_SANDBOX", "1", "there is no such setting; there are "),
        ("BITRIX24_READ_ONLY", "perhaps", "write true or false"),
        ("BITRIX24_TOOLSETS", "payment,payments", "'payments' is none of productrow, "),
        ("BITRIX24_PLAN", "gold", "'gold' is none of standard, enterprise, self-hosted"),
    ],
)
def test_unknown_settings_and_bad_values(variable: str, value: str, why: str):
    with pytest.raises(InvalidSettings) as refusal:
        read_settings({variable: value})
    assert str(refusal.value).startswith(f"{variable}: {why}")
    assert CODE not in str(refusal.value)


def test_two_portals_are_one_too_many():
    with pytest.raises(InvalidSettings, match="both BITRIX24_WEBHOOK_URL and BITRIX24_PORTAL are set"):
        portal_opener(read_settings({"BITRIX24_WEBHOOK_URL": URL, "BITRIX24_PORTAL": "example.bitrix24.com"}))


@pytest.mark.parametrize("environment", [{}, {"BITRIX24_WEBHOOK_URL": "  "}], ids=str)
def test_no_portal_at_all(environment: dict[str, str]):
    with pytest.raises(InvalidSettings, match="There are two ways to start"):
        portal_opener(read_settings(environment))


def test_what_settings_show_of_themselves_holds_no_secret():
    shown = repr(Settings(URL, client_secret="very-secret"))
    assert CODE not in shown
    assert "very-secret" not in shown
