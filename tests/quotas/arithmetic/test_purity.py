"""The arithmetic computes with Django removed."""

import subprocess
import sys
from pathlib import Path

import quotas.arithmetic

FOLDER = Path(quotas.arithmetic.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def test_the_arithmetic_computes_without_django():
    program = "import sys; sys.modules['django'] = None; " + "; ".join(
        f"import quotas.arithmetic.{module}" for module in MODULES
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=FOLDER.parent.parent, timeout=60)
