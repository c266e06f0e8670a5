"""Figures that operators read."""
