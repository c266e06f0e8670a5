"""`python -m menling` is the `menling` command."""

import sys

from menling.cli import main

sys.exit(main())
