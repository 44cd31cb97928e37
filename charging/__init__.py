"""Pure knowledge of the charging field that several programs compute. Imports nothing of this project."""
