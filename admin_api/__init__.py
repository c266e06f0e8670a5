"""Door for operators: audits, dispatch, disputes, settlement, reports."""
