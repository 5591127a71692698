"""Proofs before publication. Each answers pass, fail, not applicable, or not built; only pass is a pass."""
