# SPDX-License-Identifier: GPL-3.0-or-later
"""torch_profiled.py OPTION SCRIPT [ARG...]: an unmodified script under torch.profiler, of the CPU alone: `with_modules`, which of eager modules says nothing, or
`with_stack`, which tells them among all functions of Python."""
import runpy
import sys

from torch.profiler import ProfilerActivity, profile

option, sys.argv = sys.argv[1], sys.argv[2:]
with profile(activities=[ProfilerActivity.CPU], record_shapes=False, **{option: True}):
    runpy.run_path(sys.argv[0], run_name="__main__")
