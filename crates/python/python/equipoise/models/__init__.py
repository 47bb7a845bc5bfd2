"""Published models, each alone.

Tables come in as mappings of columns, data frames, lists of rows or Arrow tables, columns as arrays of any kind; what
comes out are plain numbers and :class:`equipoise.Table`, which any Arrow library takes as it is.
"""

from . import bargaining, civil_violence, gravity, roll_call, transit, treaty

__all__ = ["bargaining", "civil_violence", "gravity", "roll_call", "transit", "treaty"]
