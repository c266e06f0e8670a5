"""Services and options, regions and places, answers: what can be booked and where."""

from core.catalog.adding import add_category, add_option, add_place, add_region, add_service
from core.catalog.answering import remove_answer, set_answer
from core.catalog.catalogue import Catalogue, catalogue
from core.catalog.shapes import Answer, Category, Names, Option, Place, Region, Service, Synonyms, text_in

__all__ = [
    "Answer",
    "Catalogue",
    "Category",
    "Names",
    "Option",
    "Place",
    "Region",
    "Service",
    "Synonyms",
    "add_category",
    "add_option",
    "add_place",
    "add_region",
    "add_service",
    "catalogue",
    "remove_answer",
    "set_answer",
    "text_in",
]
