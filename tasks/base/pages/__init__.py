"""Templates, colours and number formats of pages and cards."""
