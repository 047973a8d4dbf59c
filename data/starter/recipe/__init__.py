# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe of the starter model: from pictures and names to the weights beside this folder."""
