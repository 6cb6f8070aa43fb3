"""What a round, a fact, a number and a word are."""
