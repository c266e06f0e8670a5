"""Answers in one turn; each may stand in the middle of a flow."""

from dialogs.views.earning import INCOME, MY_DAY
from dialogs.views.knowing import POLICY, PRICES, SERVICES, TECHNICIANS
from dialogs.views.menu import MENU
from dialogs.views.my_orders import MY_ORDERS, ORDER

VIEWS = (MENU, MY_ORDERS, ORDER, PRICES, SERVICES, TECHNICIANS, POLICY, MY_DAY, INCOME)
"""In the order in which an intent finds its view."""
