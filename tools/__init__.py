"""One typed tool a REST method, a module a family. Importing the package declares them all, in the README's order."""

from . import (
    crm_objects,
    deliveries,
    order_bindings,
    payment_deliveries,
    payment_products,
    payments,
    product_rows,
    row_previews,
)  # isort: skip  (the order of import is the order in which a host lists the tools)
from .effect import Effect
from .operation import OPERATIONS, ArgumentsRefused, Operation
from .preview import Preview
from .results import Result

__all__ = [
    "OPERATIONS",
    "ArgumentsRefused",
    "Effect",
    "Operation",
    "Preview",
    "Result",
    "crm_objects",
    "deliveries",
    "order_bindings",
    "payment_deliveries",
    "payment_products",
    "payments",
    "product_rows",
    "row_previews",
]
