"""The store: all or nothing, ids that are never given twice, and what survives."""

from __future__ import annotations

from pathlib import Path

import pytest
from bitrix24_commerce.sandbox.scenarios import load
from bitrix24_commerce.sandbox.store import Store


def add_system_shipment(store: Store) -> int:
    return store.insert(
        "shipment",
        order_id=1,
        account_number="1/1",
        delivery_id=0,
        delivery_name="",
        price_delivery=0,
        currency="USD",
        date_insert="",
    )


def test_a_block_that_raises_leaves_nothing():
    store = Store()
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.remember("kept", "no")
        with store.transaction():
            store.remember("inside", "no")
        raise ZeroDivisionError
    assert (store.setting("kept"), store.setting("inside")) == (None, None)
    store.close()


def test_an_id_is_not_given_again_after_a_deletion():
    store = Store()
    first = add_system_shipment(store)
    store.run("DELETE FROM shipment")
    assert add_system_shipment(store) == first + 1
    store.close()


def test_a_reset_keeps_settings_and_begins_ids_anew():
    store = Store()
    store.remember("webhooks", "secret")
    first = add_system_shipment(store)
    store.reset()
    assert store.setting("webhooks") == "secret"
    assert add_system_shipment(store) == first
    store.close()


def test_a_file_keeps_what_was_committed(tmp_path: Path):
    store = Store(tmp_path / "portal.db")
    load(store, "shop")
    store.close()
    again = Store(tmp_path / "portal.db")
    assert again.value("SELECT title FROM item WHERE id = 13142") == "Phones for Harbour Design Studio"
    again.close()


def test_loading_the_shop_again_gives_the_same_shop():
    store = Store()
    load(store, "shop")
    first = list(store.connection.iterdump())
    store.reset()
    load(store, "shop")
    assert list(store.connection.iterdump()) == first
    store.close()
