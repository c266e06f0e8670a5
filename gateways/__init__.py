"""The outside world we call: payments, SMS, maps, their callback routes and the pay page."""
