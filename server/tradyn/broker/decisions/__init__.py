"""Decisions: a command or a moment of the market and the state of an account → the event that follows.

Nothing here changes anything. Each decision reads from top to bottom in the fixed order of the checks
(see `checks`), so the first failure is the answer, as a refusal.
"""
