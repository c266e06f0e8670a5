"""What the stories share."""

from collections.abc import Iterator

import pytest

from tests.stories.actors import leave


@pytest.fixture(autouse=True)
def everybody_leaves() -> Iterator[None]:
    """After a story every page is shut."""
    yield
    leave()
