"""Composition: the `menling` command, the ASGI app, the worker, rehearsal. The only room that sees all others."""
