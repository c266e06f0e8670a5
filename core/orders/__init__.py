"""Orders: one table of edges, and the verbs that walk it. Import the verbs from their modules.

states, moves: what an order is and how it moves; placing: preview, place, revive; views: what each viewer may see;
cancelling, visit, deadlines: what can happen to it; paying: what a provider tells us; reminders: what it promises.
"""
