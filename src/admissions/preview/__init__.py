"""What a leader may know beforehand: own staff held against published cut-offs, no more."""
