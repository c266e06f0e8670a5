"""Telegram, WeChat and WeChat Pay as local servers that speak the real wire format. Imports nothing of ours."""
