"""What a person does on the pages, in a real browser. Not part of `make test`: `make browser`."""
