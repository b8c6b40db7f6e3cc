# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class DealReason(StrEnum):
    """`client`: asked for through the API, also a deposit or a reset by an admin; `GET
    /api/explain/{ticket}` tells them apart. `sl`: stop loss. `tp`: take profit. `so`: stop-out.
    """

    CLIENT = "client"
    SL = "sl"
    TP = "tp"
    SO = "so"
