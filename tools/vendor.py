"""Write `vendor.toml`: name, version and SHA-256 of every file that others wrote and browsers load.

After `npm pack NAME@VERSION`, unpack what is needed with its licence into `static/vendor/NAME-VERSION`, and run this.
A test holds the files to it.
"""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "client" / "xiezhi_workbench" / "static" / "vendor"


def main() -> None:
    """Write the list."""
    lines = ["# Made by tools/vendor.py. Files as their packages have them, unchanged."]
    for folder in sorted(path for path in VENDOR.iterdir() if path.is_dir()):
        name, _, version = folder.name.rpartition("-")
        lines += ["", "[[package]]", f'name = "{name}"', f'version = "{version}"', "[package.files]"]
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            lines.append(f'"{file.relative_to(folder).as_posix()}" = "{digest}"')
    (VENDOR / "vendor.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
