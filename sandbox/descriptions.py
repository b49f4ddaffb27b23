"""Descriptions of fields as the `fields` methods give them (facts.md §6.7)."""

from __future__ import annotations


def described(
    type: str, title: str, *, required: bool = False, read_only: bool = False, immutable: bool = False
) -> dict[str, object]:
    """Describe one field. Immutable: it can be set only on creation."""
    return {
        "type": type,
        "isRequired": required,
        "isReadOnly": read_only,
        "isImmutable": immutable,
        "isMultiple": False,
        "isDynamic": False,
        "title": title,
    }


ROW_FIELDS: dict[str, dict[str, object]] = {
    "id": described("integer", "ID", read_only=True),
    "ownerId": described("integer", "Owner ID", required=True, immutable=True),
    "ownerType": described("string", "Owner Type", required=True, immutable=True),
    "productId": described("integer", "Product", required=True),
    "productName": described("string", "Product Name"),
    "price": described("double", "Price"),
    "priceExclusive": described("double", "Price excluding tax with discount", read_only=True),
    "priceNetto": described("double", "PRICE_NETTO", read_only=True),
    "priceBrutto": described("double", "PRICE_BRUTTO", read_only=True),
    "quantity": described("double", "Quantity"),
    "discountTypeId": described("integer", "Discount Type"),
    "discountRate": described("double", "Discount Rate"),
    "discountSum": described("double", "Discount Sum"),
    "taxRate": described("double", "Tax"),
    "taxIncluded": described("char", "Tax included in price"),
    "taxName": described("string", "TAX_NAME"),
    "customized": described("char", "Customized"),
    "measureCode": described("integer", "Measure Code"),
    "measureName": described("string", "Measure Name"),
    "sort": described("integer", "Sort"),
    "type": described("integer", "TYPE", read_only=True),
    "storeId": described("integer", "STORE_ID", read_only=True),
}
"""The fields of a product row. `taxName` exists in the current generation only."""
