"""The paper's tables and what they are compared with."""
