"""How each command's value is shown: `page` for people, `data` for machines. One module for each command."""
