"""What Menling promises, told as stories and checked on real databases."""
