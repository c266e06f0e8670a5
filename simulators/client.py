"""HTTP clients of the simulators: no proxies, and one TLS context for all, since loading one takes long."""

import functools
import ssl
from collections.abc import Mapping

import httpx


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def http_client(
    *,
    timeout: float | None = 5.0,
    base_url: str = "",
    cookies: Mapping[str, str] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """A client; `timeout` in seconds, None for no limit of its own; `transport` carries requests without a network."""
    if transport is not None:
        return httpx.AsyncClient(timeout=timeout, base_url=base_url, cookies=dict(cookies or {}), transport=transport)
    most = httpx.Limits(max_connections=100)
    return httpx.AsyncClient(
        timeout=timeout,
        base_url=base_url,
        cookies=dict(cookies or {}),
        trust_env=False,
        verify=_tls(),
        limits=most,
    )
