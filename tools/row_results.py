"""What the tools for product rows give."""

from __future__ import annotations

from decimal import Decimal

from ..rest.numbers import plain
from ..rest.records import ProductRow
from .results import Listing, Result
from .tables import table


class ProductRowResult(Result):
    """One product row."""

    productRow: ProductRow

    @property
    def text(self) -> str:
        """The row as a table of one line."""
        return f"{self._text}\n{product_row_table([self.productRow])}".lstrip()


class ProductRowsResult(Listing):
    """Product rows of one object."""

    noun = "product rows"
    productRows: list[ProductRow]

    @property
    def text(self) -> str:
        """A table of the rows."""
        head = self._text or self._summary(len(self.productRows))
        return f"{head}\n{product_row_table(self.productRows)}" if self.productRows else head


class AllProductRows(Result):
    """Product rows, complete: there are no pages."""

    productRows: list[ProductRow]

    @property
    def text(self) -> str:
        """A table of the rows."""
        return f"{self._text}\n{product_row_table(self.productRows)}" if self.productRows else self._text


def product_row_table(rows: list[ProductRow]) -> str:
    """Product rows with what a next step needs: ids, unit price, quantity, discount, tax; and what they come to."""
    header = ("id", "product", "name", "price", "qty", "discount", "tax", "measure")
    amount = plain(sum((row.amount for row in rows), Decimal(0)))
    return f"{table(header, [_product_row_cells(row) for row in rows])}\nprice x qty of these: {amount}"


def _product_row_cells(row: ProductRow) -> tuple[object, ...]:
    discount = f"{plain(row.discountRate)}%" if row.discountRate else plain(row.discountSum) if row.discountSum else ""
    tax = "" if row.taxRate is None else f"{plain(row.taxRate)}%{'' if row.taxIncluded == 'Y' else ' N'}"
    measure = "" if row.measureName in ("", "pcs") else row.measureName
    return row.id, row.productId or "", row.productName, row.price, row.quantity, discount, tax, measure
