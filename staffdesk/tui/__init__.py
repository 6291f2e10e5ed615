"""What staff see in a full-screen terminal."""
