# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class SwapMultipliers:
    """For how many nights swap is charged at the end (00:00 UTC) of each day of the week. A holiday
    charges nothing, and what is named for it here is added to the trading day before.

    Attributes:
        sunday: Nights that the end of Sunday charges for.
        monday: Nights that the end of Monday charges for.
        tuesday: Nights that the end of Tuesday charges for.
        wednesday: Nights that the end of Wednesday charges for.
        thursday: Nights that the end of Thursday charges for.
        friday: Nights that the end of Friday charges for.
        saturday: Nights that the end of Saturday charges for.
    """

    sunday: float
    monday: float
    tuesday: float
    wednesday: float
    thursday: float
    friday: float
    saturday: float

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            sunday=source["sunday"],
            monday=source["monday"],
            tuesday=source["tuesday"],
            wednesday=source["wednesday"],
            thursday=source["thursday"],
            friday=source["friday"],
            saturday=source["saturday"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "sunday": self.sunday,
            "monday": self.monday,
            "tuesday": self.tuesday,
            "wednesday": self.wednesday,
            "thursday": self.thursday,
            "friday": self.friday,
            "saturday": self.saturday,
        }
