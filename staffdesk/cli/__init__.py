"""The same jobs for scripts, and for people who cannot use a full-screen terminal."""
