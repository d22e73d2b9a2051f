"""Packs the rules into the wheel as ``matcher/_rules``; everything else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithRules(build_py):
    """Copies rules/ beside the code, where the installed program looks for it."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "matcher", "_rules")
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree("rules", target)


setup(cmdclass={"build_py": BuildWithRules})
