"""The web pages, on the public functions of the other packages."""
