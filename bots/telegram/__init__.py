"""Door: Telegram updates become Incoming, messages become Bot API calls, through aiogram."""
