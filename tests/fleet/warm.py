"""What every child of the nursery has already read: the house, its doors, its texts and its words."""

import gc
import importlib

from dialogs.building import build_house
from nlu import understand  # noqa: F401
from tests.builders import ZONE

for _name in ("bots.telegram.door", "bots.wechat.door", "redis.asyncio", "menling.serving", "tests.fleet.children"):
    importlib.import_module(_name)
build_house(public_url="http://127.0.0.1", zone=ZONE, currency="CNY")
gc.collect()
gc.freeze()
