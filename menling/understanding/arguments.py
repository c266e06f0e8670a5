"""What `menling understand` and `menling nlu` are told. Imports nothing: every command starts with it."""

import argparse
from pathlib import Path
from typing import Any

_ROOM = "menling.understanding.command"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the parser's."""
    understand = commands.add_parser("understand", help="say what words mean: one text, or lines from standard input")
    understand.add_argument("text", nargs="?", help="words to explain; without them lines or JSONL are read")
    understand.add_argument("--lang", help="zh-Hans, zh-Hant or en; found from the words when not given")
    understand.add_argument("--zone", default="Asia/Shanghai", help="an IANA time zone (default Asia/Shanghai)")
    understand.add_argument("--now", help="an ISO time to count from; local without an offset (default: the clock)")
    understand.add_argument("--asked", help="what was asked just before (when, address, service, yes_no, ...)")
    understand.add_argument("--choices", type=int, default=0, help="how many numbered choices were shown with it")
    understand.add_argument("--json", action="store_true", help="answer one text in JSON as well")
    _lexicon(understand)
    understand.set_defaults(room=_ROOM, act="understand")

    nlu = commands.add_parser("nlu", help="train the understanding, and count how often it is right")
    actions = nlu.add_subparsers(required=True, metavar="action")
    actions.add_parser("train", help="train the model from nlu/examples and write its weights").set_defaults(
        room=_ROOM, act="train"
    )
    evaluate = actions.add_parser("evaluate", help="count what is right in labelled examples (docs/understanding.md)")
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="labelled JSONL, or a Rasa nlu.yml")
    evaluate.add_argument("--json", action="store_true", help="the figures as JSON")
    evaluate.add_argument("--errors", action="store_true", help="list what was taken wrongly")
    _lexicon(evaluate)
    evaluate.set_defaults(room=_ROOM, act="evaluate")
    export = actions.add_parser("export", help="write what was not understood, masked, to be labelled")
    export.add_argument("--since", help="an ISO date; local without an offset (default: the last 7 days)")
    export.add_argument("--all", action="store_true", help="everything that is kept")
    export.add_argument("--rasa", action="store_true", help="a Rasa nlu.yml in place of JSON lines")
    export.set_defaults(act="export_heard")


def _lexicon(parser: argparse.ArgumentParser) -> None:
    names: Any = parser.add_mutually_exclusive_group()
    names.add_argument("--lexicon", type=Path, help="names of services and people, a JSON file (default: the demo's)")
    names.add_argument("--shop", action="store_true", help="the names of the shop in the configured database")
