"""The demo city: a small business in Chengdu as data, with faces drawn by code."""
