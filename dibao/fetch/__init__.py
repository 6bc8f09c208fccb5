"""Visits to captures, politely and safely: the one gate through which dibao asks the network."""
