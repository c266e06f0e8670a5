"""Stores: zone, currency, hours."""

from core.stores.stores import Store, add_store, store, stores, the_store

__all__ = ["Store", "add_store", "store", "stores", "the_store"]
