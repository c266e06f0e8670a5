"""Door for operators: audits, order search, disputes, settlement, reports. Uses the core alone."""

from admin_api.building import PREFIX, build_router
from admin_api.passwords import hash_password

__all__ = ["PREFIX", "build_router", "hash_password"]
