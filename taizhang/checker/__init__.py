"""The checker's faces that need no ledger: sentences, JSON, text, HTML, Word comments, the command."""
