"""The commands that work in the house: each reads the settings, most open the database."""

import argparse
import getpass
import importlib
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from core import catalog, stores
from core.audit import Role
from menling.config import Refused, Settings, check_safe, read_settings, unknown_settings
from menling.demo.data import DemoCity, read_demo
from menling.logs import set_up_logs
from menling.opening import Ground, migrate, opened

_log = logging.getLogger(__name__)
_TELLING = frozenset({"serve", "worker", "actions", "check"})
"""Commands whose settings matter for long, or are looked at: what is no setting is named."""

_WRONG = 1
_REFUSED = 2
_SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 256


def run(options: argparse.Namespace) -> int:
    """Run the command named by `options.act` and return its exit status: 2 when it is refused with a sentence."""
    try:
        settings = read_settings(**_told(options))
        set_up_logs(as_json=settings.json_logs, level=settings.log_level)
        if options.act in _TELLING:
            for sentence in unknown_settings():
                _log.warning("unknown setting", extra={"why": sentence})
        return _ACTS[options.act](settings, options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return _REFUSED


def _told(options: argparse.Namespace) -> dict[str, object]:
    given = {name: getattr(options, name, None) for name in ("host", "port", "rasa_actions_host", "rasa_actions_port")}
    return {name: value for name, value in given.items() if value is not None}


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    check_safe(settings, demo=options.demo)
    from menling import serving  # noqa: PLC0415  the other commands do without the web server
    from menling.building import check_doors  # noqa: PLC0415

    check_doors(settings)
    with serving.listen(settings) as door:
        settings = settings.model_copy(update={"port": door.getsockname()[1]})
        with opened(settings, serving=True, demo=options.demo) as ground:
            city = read_demo() if options.demo else None
            if city is not None:
                _make_city(ground, city)
            serving.serve(ground, door, city=city, on_ready=lambda: _say_where(settings, demo=options.demo))
    return 0


def _work(settings: Settings, options: argparse.Namespace) -> int:
    check_safe(settings, demo=options.demo)
    from menling import serving  # noqa: PLC0415

    with opened(settings, serving=True, demo=options.demo) as ground:
        serving.work(ground, on_ready=lambda: print("The worker is at work.", flush=True))
    return 0


def _migrate(settings: Settings, options: argparse.Namespace) -> int:
    print(f"The database is at version {migrate(settings)}.")
    return 0


def _demo(settings: Settings, options: argparse.Namespace) -> int:
    if settings.production:
        raise Refused("The demo city does not belong in production.")
    with opened(settings) as ground:
        print("The demo city is made." if _make_city(ground, read_demo()) else "The demo city was there already.")
    return 0


def _open_shop(settings: Settings, options: argparse.Namespace) -> int:
    from menling.demo.data import DemoDataError, read_shop  # noqa: PLC0415
    from menling.demo.load import load_shop  # noqa: PLC0415

    try:
        shop = read_shop(options.folder)
    except DemoDataError as wrong:
        raise Refused(f"The shop cannot be read: {wrong}.") from None
    except OSError as error:
        raise Refused(f"The shop cannot be read: {error.filename} ({error.strerror}).") from None
    with opened(settings) as ground:
        if ground.db.read(stores.stores):
            raise Refused("There is a store in this database already.")
        load_shop(ground.db, shop)
    name = catalog.text_in(shop.store.names.by_language(), "en")
    sold = f"{len(shop.services)} services in {len(shop.regions)} regions"
    print(f"{name} is open: {sold}. Technicians apply in the chat.")
    return 0


def _check(settings: Settings, options: argparse.Namespace) -> int:
    from core.invariants import check_invariants  # noqa: PLC0415

    with opened(settings) as ground:
        findings = ground.db.read(check_invariants)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} things do not hold." if findings else "Everything holds.", file=sys.stderr)
    return _WRONG if findings else 0


def _add_operator(settings: Settings, options: argparse.Namespace) -> int:
    from admin_api import hash_password  # noqa: PLC0415
    from core import audit  # noqa: PLC0415
    from core.errors import StateConflict  # noqa: PLC0415

    role = _role(options.role)
    password = _password()
    with opened(settings) as ground:
        digest = hash_password(password)
        try:
            made = ground.db.run(lambda tx: audit.add_operator(tx, options.login, digest, role, datetime.now(UTC)))
        except StateConflict:
            raise Refused(f"There is an operator {options.login} already.") from None
    print(f"{made.login} may sign in as {made.role}.")
    return 0


def _actions(settings: Settings, options: argparse.Namespace) -> int:
    check_safe(settings, demo=options.demo)
    from menling import actions  # noqa: PLC0415  the other commands do without Rasa's server

    params = actions.checked_params(settings)
    with actions.listen(settings) as door, opened(settings, demo=options.demo) as ground:
        where = actions.address(*door.getsockname()[:2])
        actions.serve_actions(ground, params, door, on_ready=lambda: print(f"Rasa is awaited: {where}", flush=True))
    return 0


def _export_rasa(settings: Settings, options: argparse.Namespace) -> int:
    from bots.rasa import export  # noqa: PLC0415
    from menling.actions import address  # noqa: PLC0415

    try:
        written = export(options.folder, actions_url=address(settings.rasa_actions_host, settings.rasa_actions_port))
    except FileExistsError:
        raise Refused(f"The folder {options.folder} is not empty: a project is written into a new one.") from None
    except OSError as error:
        raise Refused(f"The folder {options.folder} cannot be written: {error.strerror}.") from None
    print(f"A Rasa project of {len(written)} files is in {options.folder}.")
    return 0


def _export_heard(settings: Settings, options: argparse.Namespace) -> int:
    from menling.understanding.heard import export  # noqa: PLC0415

    with opened(settings) as ground:
        for line in export(ground, options):
            sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    return 0


def _flows(settings: Settings, options: argparse.Namespace) -> int:
    from dialogs.building import build_house  # noqa: PLC0415
    from dialogs.drawing import draw  # noqa: PLC0415

    house = build_house(public_url=settings.own_url, zone=settings.zone, currency=settings.currency)
    print(draw(house))
    return 0


def _rehearse(settings: Settings, options: argparse.Namespace) -> int:
    from menling.rehearsal.command import rehearse  # noqa: PLC0415  the other commands do without every door

    set_up_logs(as_json=False, level="error")
    return rehearse(options.file, door=options.door, lang=options.lang)


def _simulate(settings: Settings, options: argparse.Namespace) -> int:
    runner = importlib.import_module("simulators.__main__")
    return int(runner.main(options.words))


def _make_city(ground: Ground, city: DemoCity) -> bool:
    from menling.demo.load import load_demo  # noqa: PLC0415

    if not ground.db.read(stores.stores):
        print("Making the demo city; this takes a moment the first time.", flush=True)
    return load_demo(ground.db, city, ground.clock.now())


def _say_where(settings: Settings, *, demo: bool) -> None:
    words = "The demo is open" if demo else "Menling is open"
    if settings.paid_in_telegram:
        print(f"Customers can pay in Telegram alone, so nobody books elsewhere: the page leads to {settings.bot_url}.")
    print(f"{words}: {settings.own_url}  (Ctrl-C ends it)", flush=True)


def _password() -> str:
    if sys.stdin.isatty():
        first = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != first:
            raise Refused("The two passwords differ.")
    else:
        first = sys.stdin.readline().rstrip("\r\n")
    if len(first) < _SHORTEST_PASSWORD:
        raise Refused(f"A password has at least {_SHORTEST_PASSWORD} letters.")
    if len(first) > _LONGEST_PASSWORD:
        raise Refused(f"A password has at most {_LONGEST_PASSWORD} letters.")
    return first


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise Refused(f"There is no role {name}: it is one of {', '.join(Role)}.") from None


_ACTS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "serve": _serve,
    "worker": _work,
    "migrate": _migrate,
    "demo": _demo,
    "open_shop": _open_shop,
    "check": _check,
    "add_operator": _add_operator,
    "actions": _actions,
    "export_rasa": _export_rasa,
    "flows": _flows,
    "export_heard": _export_heard,
    "rehearse": _rehearse,
    "simulate": _simulate,
}
