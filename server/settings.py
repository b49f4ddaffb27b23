"""What this server is told by its environment (prefix `BITRIX24_`) and its command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args, get_type_hints

from ..rest import InvalidAddress, Webhook
from ..rest.limits import ENTERPRISE, SELF_HOSTED, STANDARD, Limits
from ..tools.naming import TOOLSETS

PREFIX = "BITRIX24_"
PLANS: Mapping[str, Limits] = {"standard": STANDARD, "enterprise": ENTERPRISE, "self-hosted": SELF_HOSTED}
_YES, _NO = ("1", "true", "yes", "on", "y"), ("0", "false", "no", "off", "n", "")


class InvalidSettings(ValueError):
    """Settings that cannot be used. The message repeats no secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run. Every field is a setting `BITRIX24_<NAME>`, but `sandbox`: only the command line can ask for that."""

    webhook_url: str = field(default="", repr=False)
    """Inbound webhook of the portal, `https://<portal>/rest/<user>/<code>/`. A secret."""
    portal: str = ""
    """Instead of a webhook: the portal's address, after `bitrix24-commerce-mcp login` (OAuth 2.0)."""
    client_id: str = ""
    """OAuth 2.0: the application's id."""
    client_secret: str = field(default="", repr=False)
    """OAuth 2.0: the application's secret."""
    token_file: str = ""
    """OAuth 2.0: where the tokens are kept, a file or `keyring`; default: a file in the user's state folder."""
    oauth_server: str = "https://oauth.bitrix.info"
    """OAuth 2.0: the authorisation server."""
    read_only: bool = False
    """Offer no tool that writes."""
    toolsets: frozenset[str] = frozenset()
    """Offer these families of tools only, separated by commas; default: all."""
    plan: str = "standard"
    """The portal's request limits: standard (2/s), enterprise (5/s) or self-hosted (none)."""
    sandbox: bool = False

    @property
    def limits(self) -> Limits:
        """What the portal's plan allows."""
        return PLANS[self.plan]

    def webhook(self) -> Webhook:
        """The parsed webhook.

        Raises:
            InvalidSettings: It is malformed, or not https.

        """
        try:
            return Webhook.parse(self.webhook_url)
        except InvalidAddress as error:
            raise InvalidSettings(f"{PREFIX}WEBHOOK_URL: {error}") from None


def read_settings(environment: Mapping[str, str], **options: object) -> Settings:
    """The settings of the environment, with options of the command line (those that are not None) above them.

    Raises:
        InvalidSettings: A value that a setting does not take, or a setting of this prefix that does not exist.

    """
    hints = get_type_hints(Settings)
    values: dict[str, object] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in hints or name == "sandbox":
            known = ", ".join(PREFIX + each.upper() for each in hints if each != "sandbox")
            raise InvalidSettings(f"{variable}: there is no such setting; there are {known}")
        values[name] = _value(variable, text, hints[name])
    values |= {name: value for name, value in options.items() if value is not None}
    settings = Settings(**values)  # type: ignore[arg-type]
    if settings.plan not in PLANS:
        raise InvalidSettings(f"{PREFIX}PLAN: {settings.plan[:20]!r} is none of {', '.join(PLANS)}")
    if unknown := settings.toolsets - TOOLSETS.keys():
        raise InvalidSettings(f"{PREFIX}TOOLSETS: {sorted(unknown)[0][:40]!r} is none of {', '.join(TOOLSETS)}")
    return settings


def _value(variable: str, text: str, hint: object) -> object:
    text = text.strip()
    if hint is bool:
        if text.lower() not in (*_YES, *_NO):
            raise InvalidSettings(f"{variable}: write true or false")
        return text.lower() in _YES
    if get_args(hint) == (str,):
        return toolsets(text)
    return text


def toolsets(text: str) -> frozenset[str]:
    """A list separated by commas."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())
