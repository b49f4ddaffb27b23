"""One typed tool a REST method, a module a family. Importing the package declares them all."""

from . import (
    crm_objects,
    deliveries,
    order_bindings,
    payment_deliveries,
    payment_products,
    payments,
    product_rows,
    row_previews,
)
from .effect import Effect
from .naming import TOOLSETS
from .operation import DECLARED, ArgumentsRefused, Operation, carry_out
from .preview import Preview
from .results import Result

OPERATIONS = dict(sorted(DECLARED.items(), key=lambda item: list(TOOLSETS).index(item[1].declaration.toolset)))
"""Every tool by its name, in the order in which hosts list them: family by family."""

__all__ = [
    "OPERATIONS",
    "TOOLSETS",
    "ArgumentsRefused",
    "Effect",
    "Operation",
    "Preview",
    "Result",
    "carry_out",
    "crm_objects",
    "deliveries",
    "order_bindings",
    "payment_deliveries",
    "payment_products",
    "payments",
    "product_rows",
    "row_previews",
]
