"""`python -m core.migrations NAME WORDS...` drafts a version from what the tables say now."""

import sys

from core.migrations.drafting import draft

if __name__ == "__main__":
    draft(sys.argv[1], " ".join(sys.argv[2:]))
