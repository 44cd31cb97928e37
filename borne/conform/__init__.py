"""`borne conform`: plays the cases of the open test bench, and reports what came of them."""
