"""The fields of CRM objects as `crm.item.*` and the older lists show them (facts.md §8.1, §8.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from . import columns
from .columns import Column
from .descriptions import described
from .objects import INVOICE, ObjectType, Rows


@dataclass(frozen=True, slots=True)
class ItemField:
    """One field of CRM objects."""

    column: Column
    type: str
    title: str
    read_only: bool = False

    def description(self, name: str) -> dict[str, object]:
        """Describe the field as `crm.item.fields` does."""
        upper = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
        return {**described(self.type, self.title, read_only=self.read_only), "upperName": upper}


def _contacts(contact_id: int | None) -> list[int]:
    return [] if contact_id is None else [contact_id]


_CONTACTS = replace(columns.integer("contact_id"), shown=_contacts)

_ALL = {
    "id": ItemField(columns.integer("id"), "integer", "ID", read_only=True),
    "entityTypeId": ItemField(columns.integer("entity_type_id"), "integer", "Entity type", read_only=True),
    "title": ItemField(columns.text("title"), "string", "Name"),
    "name": ItemField(columns.text("name"), "string", "First name"),
    "lastName": ItemField(columns.text("last_name"), "string", "Last name"),
    "accountNumber": ItemField(columns.text("account_number"), "string", "Number"),
    "categoryId": ItemField(columns.integer("category_id"), "crm_category", "Pipeline"),
    "stageId": ItemField(columns.text("stage_id"), "crm_status", "Stage"),
    "companyId": ItemField(columns.integer("company_id"), "crm_company", "Company"),
    "contactId": ItemField(columns.integer("contact_id"), "crm_contact", "Contact"),
    "contactIds": ItemField(_CONTACTS, "crm_contact", "Contacts"),
    "mycompanyId": ItemField(columns.integer("my_company_id"), "crm_company", "Your company details"),
    "currencyId": ItemField(columns.text("currency_id"), "crm_currency", "Currency"),
    "opportunity": ItemField(columns.money("opportunity"), "double", "Amount"),
    "isManualOpportunity": ItemField(columns.flag("is_manual_opportunity"), "boolean", "Manual amount"),
    "taxValue": ItemField(columns.money("tax_value"), "double", "Tax total"),
    "opened": ItemField(columns.flag("opened"), "boolean", "Available to everyone"),
    "closed": ItemField(columns.flag("closed"), "boolean", "Closed", read_only=True),
    "begindate": ItemField(columns.moment("begin_date"), "date", "Start date"),
    "closedate": ItemField(columns.moment("close_date"), "date", "End date"),
    "comments": ItemField(columns.text("comments"), "text", "Comment"),
    "assignedById": ItemField(columns.integer("assigned_by_id"), "user", "Responsible person"),
    "createdTime": ItemField(columns.moment("created_time"), "datetime", "Created on", read_only=True),
    "updatedTime": ItemField(columns.moment("updated_time"), "datetime", "Modified on", read_only=True),
}
_PERSON = {"name", "lastName"}
_INVOICE = {"accountNumber", "mycompanyId"}
_MONEY = {"currencyId", "opportunity", "isManualOpportunity", "taxValue"}


def fields_of(type: ObjectType) -> dict[str, ItemField]:
    """Return the fields of a kind of object. One without product rows has no money either."""
    hidden = set[str]()
    if type.name == "CONTACT":
        hidden |= {"title", "categoryId", "stageId"}
    else:
        hidden |= _PERSON
    if type.id != INVOICE:
        hidden |= _INVOICE
    if type.rows is not Rows.KEPT:
        hidden |= _MONEY
    return {name: field for name, field in _ALL.items() if name not in hidden}


_DEAL = {
    "ID": "id",
    "TITLE": "title",
    "CATEGORY_ID": "categoryId",
    "STAGE_ID": "stageId",
    "CURRENCY_ID": "currencyId",
    "OPPORTUNITY": "opportunity",
    "IS_MANUAL_OPPORTUNITY": "isManualOpportunity",
    "TAX_VALUE": "taxValue",
    "COMPANY_ID": "companyId",
    "CONTACT_ID": "contactId",
    "BEGINDATE": "begindate",
    "CLOSEDATE": "closedate",
    "OPENED": "opened",
    "CLOSED": "closed",
    "COMMENTS": "comments",
    "ASSIGNED_BY_ID": "assignedById",
    "DATE_CREATE": "createdTime",
    "DATE_MODIFY": "updatedTime",
}
_OLD_INVOICE = {
    "ID": "id",
    "ACCOUNT_NUMBER": "accountNumber",
    "ORDER_TOPIC": "title",
    "STATUS_ID": "stageId",
    "PRICE": "opportunity",
    "TAX_VALUE": "taxValue",
    "CURRENCY": "currencyId",
    "UF_COMPANY_ID": "companyId",
    "UF_CONTACT_ID": "contactId",
    "UF_MYCOMPANY_ID": "mycompanyId",
    "RESPONSIBLE_ID": "assignedById",
    "COMMENTS": "comments",
    "DATE_INSERT": "createdTime",
    "DATE_UPDATE": "updatedTime",
}
DEAL_COLUMNS = {name: columns.old_style(_ALL[field].column) for name, field in _DEAL.items()}
"""The fields of `crm.deal.*`, all shown as strings."""
OLD_INVOICE_COLUMNS = {name: columns.old_style(_ALL[field].column) for name, field in _OLD_INVOICE.items()}
"""The fields of `crm.invoice.list`, which knows the old invoices only."""
