"""Reviews of finished visits."""

from core.reviews.reviewing import LONGEST_WORDS, Review, Stars, add, review_of_order, reviews_of

__all__ = ["LONGEST_WORDS", "Review", "Stars", "add", "review_of_order", "reviews_of"]
