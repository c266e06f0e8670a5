"""`python -m simulators telegram|wechat`: a platform on this machine, with a page to watch and poke it."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

from simulators.telegram import TelegramSimulator
from simulators.wechat import WeChatSimulator
from simulators.wechat.templates import read_template

_REFUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one simulator until it is interrupted; the exit status, 2 when its address cannot be had."""
    options = _parser().parse_args(argv)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(options))
    except OSError as error:
        where = f"{options.host}:{options.port}"
        sys.stderr.write(f"Nobody can be served at {where} ({error.strerror}): choose another --host or --port.\n")
        return _REFUSED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators", description="Telegram or WeChat on this machine.")
    platforms = parser.add_subparsers(dest="platform", required=True)
    telegram = platforms.add_parser("telegram", help="the Bot API for one bot")
    telegram.add_argument("--token", default="700000001:simulated-bot-token")
    telegram.add_argument("--webhook", default="", help="where updates are posted until the bot says otherwise")
    telegram.add_argument("--secret", default="", help="the webhook's secret token")
    telegram.add_argument("--enforce-limits", action="store_true", help="answer 429 above 30/s and 1/s a chat")
    wechat = platforms.add_parser("wechat", help="the platform's side of one official account")
    wechat.add_argument("--appid", default="wx0123456789abcdef")
    wechat.add_argument("--secret", default="simulated-app-secret")
    wechat.add_argument("--token", default="simulated_token")
    wechat.add_argument("--aes-key", default="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
    wechat.add_argument("--callback", default=None, help="the account's own address")
    wechat.add_argument("--test-account", action="store_true", help="no menu messages, no ids of tapped lines")
    wechat.add_argument(
        "--template", action="append", default=[], metavar="ID=TITLE:FIELD=LABEL,...", help="a template of the account"
    )
    for one, port in ((telegram, 8081), (wechat, 8082)):
        one.add_argument("--host", default="127.0.0.1")
        one.add_argument("--port", type=int, default=port, help="0 takes a free one")
    return parser


async def _run(options: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopped.set)
    simulator = _telegram(options) if options.platform == "telegram" else _wechat(options)
    await simulator.start(options.port, host=options.host)
    sys.stdout.write(f"{options.platform} simulator and its page: {simulator.base_url}\n")
    sys.stdout.flush()
    await stopped.wait()
    await simulator.stop()


def _telegram(options: argparse.Namespace) -> TelegramSimulator:
    simulator = TelegramSimulator(options.token, enforce_limits=options.enforce_limits)
    if options.webhook:
        simulator.set_webhook(options.webhook, secret=options.secret)
    return simulator


def _wechat(options: argparse.Namespace) -> WeChatSimulator:
    simulator = WeChatSimulator(
        options.appid,
        options.secret,
        options.token,
        options.aes_key,
        callback_url=options.callback,
        test_account=options.test_account,
    )
    for line in options.template:
        simulator.add_template(*read_template(line))
    return simulator


if __name__ == "__main__":
    sys.exit(main())
