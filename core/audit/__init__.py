"""Audit lines and operators."""
