# SPDX-License-Identifier: Apache-2.0
"""The extension is built where a C compiler and Python's headers are; without it perfwatt.region goes through ctypes."""
import sys

from setuptools import Extension, setup

extension = Extension("perfwatt._mark", ["perfwatt/_mark.c"], libraries=["dl"], py_limited_api=True, optional=True)
setup(ext_modules=[extension] if sys.version_info >= (3, 10) else [],
      options={"bdist_wheel": {"py_limited_api": "cp310"}} if sys.version_info >= (3, 10) else {})
