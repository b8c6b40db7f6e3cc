"""The implementations of the ports. They know no room but the broker, the ports and the catalogue."""
