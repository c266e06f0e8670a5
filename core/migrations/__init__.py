"""The schema's history: `upgrade` brings a database to HEAD, `version` tells where it stands."""

from core.migrations.state import HEAD, version

__all__ = ["HEAD", "version"]
