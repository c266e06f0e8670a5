"""Noting what the house logs as an error while a rehearsal plays: an apology in a chat is one behind it."""

import logging
from types import TracebackType


class Noting(logging.Handler):
    """While entered, keeps one sentence for each error logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it; of what went wrong only its kind and place are told, for words may be a person's."""
        error = record.exc_info[1] if record.exc_info else None
        where = ""
        at = error.__traceback__ if error is not None else None
        while at is not None:
            where, at = f" at {at.tb_frame.f_code.co_filename.rpartition('/')[2]}:{at.tb_lineno}", at.tb_next
        why = f" ({type(error).__name__}: {error}{where})" if error is not None else ""
        self.errors.append(f"{record.getMessage()}{why}")

    def __enter__(self) -> None:
        """Begin to listen."""
        logging.getLogger().addHandler(self)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self)
