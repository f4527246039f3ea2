"""Any file of person records as evidence, without a warehouse."""
