"""Parses the Bicep files below a folder; prints a JSON object of what they hold by path, or what is wrong with one."""
import json
import re
import sys
from pathlib import Path

from pycep import BicepParser

folder = Path(sys.argv[1])
parser = BicepParser()
files = {}
for path in sorted(folder.rglob("*.bicep")) + sorted(folder.rglob("*.bicepparam")):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".bicepparam":
        # The parser knows templates only: a file of values is one of variables for it.
        text = re.sub(r"^using '[^']+'$", "", text, count=1, flags=re.MULTILINE)
        text = re.sub(r"^param (\w+) =", r"var \1 =", text, flags=re.MULTILINE)
    try:
        files[str(path.relative_to(folder))] = parser.parse(text=text)
    except Exception as e:
        sys.exit(f"{path.relative_to(folder)}: {e}")
print(json.dumps(files))
