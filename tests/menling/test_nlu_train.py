"""`menling nlu train` trains from our examples, and says in a sentence what is missing."""

from types import SimpleNamespace

import pytest

from menling.cli import main
from nlu import training
from nlu.labelled import NotLabelled
from nlu.training import Trained


def test_it_says_what_training_came_to(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(training, "train", lambda: SimpleNamespace(examples=1200, grams=345, accuracy=0.9))

    assert main(["nlu", "train"]) == 0
    assert capfdbinary.readouterr().out.decode().splitlines() == [
        "1200 examples, 345 n-grams kept.",
        "Right on examples it had not seen: 90.0%.",
    ]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModuleNotFoundError("no", name="sklearn.linear_model"), "Training needs scikit-learn"),
        (NotLabelled("talk.yml has no list nlu"), "talk.yml has no list nlu.\n"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_a_sentence(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> Trained:
        raise error

    monkeypatch.setattr(training, "train", fails)

    assert main(["nlu", "train"]) == 2
    assert capsys.readouterr().err.startswith(sentence)
