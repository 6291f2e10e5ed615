"""Erasing somebody, in the order it happens.

``plans`` makes the frozen plan and carries it out inside the move that erases, its line in the ``ledger`` first;
``due`` finishes what a transaction cannot destroy, ends holds on their day, and has the ``sweep`` look for what is
left; ``replay`` erases again in a copy that was put back, and ``replayed`` says whether it has to.
"""
