"""The `menling` command. What understands words alone starts without the house: no settings, no database."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from menling.understanding import arguments

_STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 something is wrong, 2 refused with a sentence."""
    options = _parser().parse_args(argv)
    try:
        status: int = importlib.import_module(options.room).run(options)
    except KeyboardInterrupt:
        return _STOPPED
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="menling", description="At-home services booked by chat.")
    parser.set_defaults(room="menling.cli.house")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="serve the page and every door, with a worker")
    serve.add_argument("--demo", action="store_true", help="a city to try it in, and a clock that can be moved")
    serve.add_argument("--host", help="where to listen (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="where to listen (default 8000; 0 takes a free one)")
    serve.set_defaults(act="serve")

    worker = commands.add_parser("worker", help="send, remind and settle without serving, beside a server database")
    worker.add_argument("--demo", action="store_true", help="follow the demo's clock")
    worker.set_defaults(act="worker")

    commands.add_parser("migrate", help="bring the database to the newest version").set_defaults(act="migrate")
    commands.add_parser("demo", help="make the demo city; what is there already stays").set_defaults(act="demo")

    shop = commands.add_parser("open-shop", help="take store, regions, services and answers from YAML files, once")
    shop.add_argument("folder", type=Path, help="a folder with city.yaml, services.yaml and answers.yaml")
    shop.set_defaults(act="open_shop")

    check = commands.add_parser("check", help="look whether everything in the database holds; what does not is listed")
    check.set_defaults(act="check")

    operator = commands.add_parser("operator", help="people who work behind the desk")
    operators = operator.add_subparsers(required=True, metavar="action")
    add = operators.add_parser("add", help="add an operator; the password is asked, or read from standard input")
    add.add_argument("login")
    add.add_argument("--role", default="admin", help="admin (default), finance or auditor")
    add.set_defaults(act="add_operator")

    _add_rasa(commands)
    commands.add_parser("flows", help="draw every conversation flow").set_defaults(act="flows")

    rehearse = commands.add_parser(
        "rehearse", help="play a script of a conversation through a door, on a database of its own"
    )
    rehearse.add_argument("file", type=Path, help="the script, a YAML file (docs/rehearsal.md)")
    rehearse.add_argument("--door", choices=("telegram", "wechat", "web"), default="web", help="default web")
    rehearse.add_argument("--lang", choices=("zh-Hans", "zh-Hant", "en"), help="of people whose language is not given")
    rehearse.set_defaults(act="rehearse")

    arguments.add_to(commands)

    simulate = commands.add_parser("simulate", help="Telegram or WeChat on this machine", add_help=False)
    simulate.add_argument("words", nargs=argparse.REMAINDER, help="telegram or wechat, and their options")
    simulate.set_defaults(act="simulate")
    return parser


def _add_rasa(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    actions = commands.add_parser("actions", help="serve Rasa assistants that hand people over, beside serve or worker")
    actions.add_argument("--demo", action="store_true", help="follow the demo's clock")
    actions.add_argument("--host", dest="rasa_actions_host", help="where to listen (default 127.0.0.1)")
    actions.add_argument("--port", dest="rasa_actions_port", type=int, help="where to listen (default 5055)")
    actions.set_defaults(act="actions")

    export = commands.add_parser("export-rasa", help="write a Rasa 3.6 project that hands people over, ready to train")
    export.add_argument("folder", type=Path, help="a folder that is new or empty")
    export.set_defaults(act="export_rasa")
