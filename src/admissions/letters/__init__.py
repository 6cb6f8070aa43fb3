"""What leaves the office: the letters of decision, how they are sent, and how they are archived.

``write_letters`` makes all of it from a result or a season.
"""
