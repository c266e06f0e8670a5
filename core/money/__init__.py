"""Money: pricing, ledger, payments, refunds, coupons, settlement."""
