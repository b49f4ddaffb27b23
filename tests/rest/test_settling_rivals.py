"""Every writing method loses its reply while somebody else writes: what the client reports of it is true."""

from __future__ import annotations

import pytest
from bitrix24_commerce.rest.methods import READS
from bitrix24_commerce.rest.write_methods import EVIDENCE

from tests.rest.rivalry import METHODS
from tests.rest.settled import LOSSES, settled
from tests.rest.verdicts import MOMENTS, contested
from tests.virtual_time import VIRTUAL_TIME

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL_TIME


def test_every_declared_method_is_tried() -> None:
    assert set(METHODS) == set(EVIDENCE)
    assert not READS & set(EVIDENCE)


@pytest.mark.parametrize("method", METHODS)
async def test_no_false_applied_and_no_false_not_applied(method: str) -> None:
    async with settled() as client:
        for number, loss in enumerate(LOSSES):
            verdict = await contested(client, method, loss, MOMENTS[number % 3], which=number // 3)
            assert not verdict.lie, loss
