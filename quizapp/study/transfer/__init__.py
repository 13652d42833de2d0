"""Taking things out and in: papers, the book of mistakes, Anki decks; and questions from other formats as drafts for the bank."""
