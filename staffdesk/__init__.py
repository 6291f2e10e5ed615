"""staffdesk: the terminal in which Softron's employees look up a customer, every look logged before it is shown."""

__version__ = "0.1.0"
