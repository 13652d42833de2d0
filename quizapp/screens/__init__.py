"""Screens: they hold the state, hand it down to widgets, hear their messages and call the services."""
