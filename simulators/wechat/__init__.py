"""WeChat's official-account platform as a local server."""

from simulators.wechat.callback import Exchange
from simulators.wechat.fan import Fan, SeenMessage, code_of
from simulators.wechat.simulator import Call, WeChatSimulator

__all__ = ["Call", "Exchange", "Fan", "SeenMessage", "WeChatSimulator", "code_of"]
