"""The `menling` command."""

import argparse
import getpass
import importlib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from core import stores
from core.audit import Role
from menling.config import Refused, Settings, check_safe, read_settings
from menling.demo.data import DemoCity, read_demo
from menling.logs import set_up_logs
from menling.opening import Ground, migrate, opened

_WRONG = 1
_REFUSED = 2
_SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 256


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 something is wrong, 2 refused with a sentence."""
    options = _parser().parse_args(argv)
    try:
        settings = read_settings(**_told(options))
        set_up_logs(as_json=settings.json_logs, level=settings.log_level)
        status: int = options.act(settings, options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return _REFUSED
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="menling", description="At-home services booked by chat.")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="serve the page and every door, with a worker")
    serve.add_argument("--demo", action="store_true", help="a city to try it in, and a clock that can be moved")
    serve.add_argument("--host", help="where to listen (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="where to listen (default 8000; 0 takes a free one)")
    serve.set_defaults(act=_serve)

    worker = commands.add_parser("worker", help="send, remind and settle without serving, beside a server database")
    worker.add_argument("--demo", action="store_true", help="follow the demo's clock")
    worker.set_defaults(act=_work)

    commands.add_parser("migrate", help="bring the database to the newest version").set_defaults(act=_migrate)
    commands.add_parser("demo", help="make the demo city; what is there already stays").set_defaults(act=_demo)

    check = commands.add_parser("check", help="look whether everything in the database holds; what does not is listed")
    check.set_defaults(act=_check)

    operator = commands.add_parser("operator", help="people who work behind the desk")
    operators = operator.add_subparsers(required=True, metavar="action")
    add = operators.add_parser("add", help="add an operator; the password is asked, or read from standard input")
    add.add_argument("login")
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.ADMIN.value)
    add.set_defaults(act=_add_operator)

    commands.add_parser("flows", help="draw every conversation flow").set_defaults(act=_flows)

    rehearse = commands.add_parser(
        "rehearse", help="play a script of a conversation through a door, on a database of its own"
    )
    rehearse.add_argument("file", type=Path, help="the script, a YAML file (docs/rehearsal.md)")
    rehearse.add_argument("--door", choices=("telegram", "wechat", "web"), default="web", help="default web")
    rehearse.add_argument("--lang", choices=("zh-Hans", "zh-Hant", "en"), help="of people whose language is not given")
    rehearse.set_defaults(act=_rehearse)

    simulate = commands.add_parser("simulate", help="Telegram or WeChat on this machine", add_help=False)
    simulate.add_argument("words", nargs=argparse.REMAINDER, help="telegram or wechat, and their options")
    simulate.set_defaults(act=_simulate)
    return parser


def _told(options: argparse.Namespace) -> dict[str, object]:
    given = {name: getattr(options, name, None) for name in ("host", "port")}
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

    password = _password()
    with opened(settings) as ground:
        digest = hash_password(password)
        try:
            made = ground.db.run(
                lambda tx: audit.add_operator(tx, options.login, digest, Role(options.role), datetime.now(UTC))
            )
        except StateConflict:
            raise Refused(f"There is an operator {options.login} already.") from None
    print(f"{made.login} may sign in as {made.role}.")
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
