"""The manual (OpenAPI) says what the API does."""

from typing import Any

import pytest

from admin_api import PREFIX
from admin_api.refusals import REASONS
from admin_api.routes import ROUTES
from admin_api.shapes import examples
from tests.admin_api.conftest import Office


@pytest.fixture
def manual(office: Office) -> dict[str, Any]:
    """The manual as anybody may read it."""
    return dict(office.get("/openapi.json", by=None).json())


def operations(manual: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{method} {path}", said) for path, said in manual["paths"].items() for method, said in said.items()]


def test_every_route_is_in_the_manual_with_its_chapter_words_and_roles(manual: dict[str, Any]) -> None:
    found = dict(operations(manual))

    assert set(found) == {f"{route.method.lower()} {PREFIX}{route.path}" for route in ROUTES}
    for name, said in found.items():
        assert said["tags"], name
        assert "Roles: " in said["description"], name
        assert ("security" in said) == ("everybody" not in said["description"]), name


def test_every_body_has_an_example_that_fits_its_model(manual: dict[str, Any]) -> None:
    models = manual["components"]["schemas"]
    for name, said in operations(manual):
        for body in bodies(said):
            model = models[body["$ref"].rsplit("/", 1)[1]]
            assert model["examples"], name
            assert set(model["examples"][0]) == set(model["properties"]), name
            assert model["description"], name


def bodies(said: dict[str, Any]) -> list[dict[str, Any]]:
    """The JSON schemas of what goes in and what comes out well."""
    holders = [said.get("requestBody", {})] + [one for status, one in said["responses"].items() if status < "300"]
    contents = [holder.get("content", {}).get("application/json", {}).get("schema") for holder in holders]
    return [schema for schema in contents if schema]


def test_every_status_of_an_error_is_in_the_manual_in_the_one_shape(manual: dict[str, Any]) -> None:
    statuses = {str(reason.status) for reason in REASONS.values()} - {"405", "500"}
    for name, said in operations(manual):
        assert statuses <= set(said["responses"]), name
        for status in statuses:
            shape = said["responses"][status]["content"]["application/json"]["schema"]
            assert shape == {"$ref": "#/components/schemas/ErrorOut"}, name


def test_examples_are_read_by_the_models_they_stand_in() -> None:
    read = [model.model_validate(example) for model, example in examples()]

    assert len(read) > 20
