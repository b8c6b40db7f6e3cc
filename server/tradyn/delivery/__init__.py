"""What leaves the house unasked: consumers of the journal with a cursor of their own, never writers.

What always holds: nothing is sent that is not durable, and no reader holds up the desk or another reader.
"""
