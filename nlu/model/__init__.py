"""The small linear model beside the rules: n-grams looked up in a table of plain data made from our training files."""

from nlu.model.looking_up import Model, the_model

__all__ = ["Model", "the_model"]
