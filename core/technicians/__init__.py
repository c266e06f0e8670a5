"""Technicians: application and audit, skills, regions, rota."""
