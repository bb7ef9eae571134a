# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, as perfwatt itself says it."""


class Error(Exception):
    """What is wrong, where, and what to do next (where and hint may be empty)."""

    def __init__(self, what, where="", hint=""):
        self.what, self.where, self.hint = what, str(where), hint
        text = f"{self.where}: {what}" if self.where else what
        super().__init__(f"{text}; {hint}" if hint else text)
