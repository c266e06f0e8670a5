"""Figures that operators read."""

from core.reports.figures import Income, IncomeLine, Overview, income, overview

__all__ = ["Income", "IncomeLine", "Overview", "income", "overview"]
