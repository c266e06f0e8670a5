"""Places without a map provider: the demo's own gazetteer of districts and compounds."""

from core.catalog import Place, Region, catalogue
from core.db import Database


class LocalGazetteer:
    """Finds places by the names the catalogue knows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def locate(self, text: str) -> Place | Region | None:
        """Return the place or region with the longest name that the text contains; None when it names none."""
        return await self._database.aread(lambda tx: catalogue(tx).locate(text))
