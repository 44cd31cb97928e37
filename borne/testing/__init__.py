"""What the pytest plugin is made of; nothing here is loaded before a test asks for it."""
