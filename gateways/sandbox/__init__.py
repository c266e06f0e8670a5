"""A payment provider for demos and tests: it moves no money, but signs, retries, delays and errs like a real one."""

from gateways.sandbox.gateway import SandboxGateway
from gateways.sandbox.provider import Manner, SandboxProvider
from gateways.sandbox.signing import Seal, sandbox_key, signed_headers

__all__ = ["Manner", "SandboxGateway", "SandboxProvider", "Seal", "sandbox_key", "signed_headers"]
