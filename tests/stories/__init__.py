"""The main job, told through every door."""
