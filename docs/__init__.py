"""What the README shows: the pictures, and the program that takes them."""
