# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class DayOfWeek(StrEnum):
    """Day of the week. As `swap_rollover3days`, the day at whose end swap is charged for three nights,
    unless `swap_multipliers` says otherwise, which is what counts.
    """

    SUNDAY = "sunday"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
