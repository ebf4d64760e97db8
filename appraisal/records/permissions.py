"""Who may do what at a body. The acts, and the question, are those of the plan."""

from quotas.tree.permissions import Act, holding, holds, require

__all__ = ["Act", "holding", "holds", "require"]
