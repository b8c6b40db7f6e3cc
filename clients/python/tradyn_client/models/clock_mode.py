# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ClockMode(StrEnum):
    """`realtime`: as fast as the wall clock. `accelerated`: `speed` times as fast. `manual`: it stands
    still, and moves only when it is advanced, set, or quotes are pushed.
    """

    REALTIME = "realtime"
    ACCELERATED = "accelerated"
    MANUAL = "manual"
