"""The ranking tables: rows of applications, a column a rule."""
