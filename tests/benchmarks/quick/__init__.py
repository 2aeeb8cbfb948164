"""`make bench-quick`: what each part of the product costs, in units that carry over from machine to machine."""
