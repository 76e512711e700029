"""A software bill of materials for each image: `python -m tests.validation.sbom FOLDER`.

uv says what uv.lock puts into an image, with hashes and who needs what. Added are licences, the base image and what the
pages' style is made of; left out is what differs from run to run, so that the same lock gives the same bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.markers import Marker

from tests.architecture.dockerfile import Stage, read_stages
from tests.architecture.source import ROOT
from tests.validation.licences import licences_of

UV = ROOT / ".venv-tools" / "bin" / "uv"
NPM = ROOT / "services" / "web" / "frontend" / "package-lock.json"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/inborough")
IMAGE = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "python_version": "3.11"}
MARKER = "uv:package:marker"
Made = dict[str, Any]


def write_all(folder: Path) -> list[Path]:
    """Write one file an image; their paths. Raises ValueError for one that breaks CycloneDX's schema."""
    stages = read_stages()
    targets = [name for name, stage in stages.items() if stage.base == "process"]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for target in targets:
        path = folder / f"{target}.cdx.json"
        path.write_text(text_of(build_bill(target, stages)), encoding="utf-8")
        written.append(path)
    return written


def build_bill(target: str, stages: dict[str, Stage]) -> Made:
    """What is in a target's image, as CycloneDX 1.5."""
    bill = _locked(_extras(stages[f"{target}-libraries"]))
    here = [each for each in bill["components"] if _is_installed(each)]
    for component in here:
        component["licenses"] = licences_of(component["name"])
    bill["components"] = [*here, *_style(target), _base(stages["base"].base)]
    return _reproducible(bill, target)


def text_of(bill: Made) -> str:
    """The bill as it is written. Raises ValueError when it breaks the schema."""
    text = json.dumps(bill, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_5).validate_str(text):
        raise ValueError(f"The bill of materials breaks CycloneDX 1.5: {wrong}")
    return text


def _extras(stage: Stage) -> list[str]:
    """The extras that a stage installs: the Dockerfile is the one place that says."""
    (command,) = stage.values("RUN")
    return re.findall(r"--extra (\w+)", " ".join(command))


def _locked(extras: list[str]) -> Made:
    """uv's own bill of what the lock file holds for these extras, on every platform."""
    wanted = [word for extra in extras for word in ("--extra", extra)]
    command = [str(UV), "export", "--frozen", "--quiet", "--no-dev", "--no-emit-project", *wanted]
    command += ["--format", "cyclonedx1.5", "--preview-features", "sbom-export"]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    bill: Made = json.loads(found.stdout)
    return bill


def _is_installed(component: Made) -> bool:
    """Whether a component is for the image's platform."""
    markers = [each["value"] for each in component.get("properties", []) if each["name"] == MARKER]
    return all(Marker(marker).evaluate(dict(IMAGE)) for marker in markers)


def _base(image: str) -> Made:
    """The image that ours begins from; what Debian packages it holds is for the registry's scanner to say."""
    name, _, version = image.partition(":")
    return {
        "type": "container",
        "bom-ref": image,
        "name": name,
        "version": version,
        "purl": f"pkg:docker/{name}@{version}",
    }


def _style(target: str) -> list[Made]:
    """What the pages serve of npm's packages; what only builds them is in no image."""
    if target != "web":
        return []
    packages = json.loads(NPM.read_text(encoding="utf-8"))["packages"]
    served = {
        path.removeprefix("node_modules/"): made for path, made in packages.items() if path and not made.get("dev")
    }
    return [_npm(name, made) for name, made in served.items()]


def _npm(name: str, made: Made) -> Made:
    purl = f"pkg:npm/{name}@{made['version']}"
    licence = [{"expression": made["license"]}]
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": made["version"],
        "purl": purl,
        "licenses": licence,
    }


def _reproducible(bill: Made, target: str) -> Made:
    """Named after its image, without the time, and numbered by its content."""
    refs = {each["bom-ref"] for each in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    bill["metadata"].pop("timestamp", None)
    bill["metadata"]["component"] |= {"type": "application", "name": f"inborough/{target}"}
    bill["dependencies"] = [_among(each, refs) for each in bill["dependencies"] if each["ref"] in refs]
    bill.pop("serialNumber", None)
    number = uuid.uuid5(NAMESPACE, json.dumps(bill, sort_keys=True))
    return {**bill, "serialNumber": f"urn:uuid:{number}"}


def _among(dependency: Made, refs: set[str]) -> Made:
    """A dependency without what is not in the image."""
    needed = [ref for ref in dependency.get("dependsOn", []) if ref in refs]
    return {"ref": dependency["ref"], **({"dependsOn": needed} if needed else {})}


if __name__ == "__main__":
    for each in write_all(Path(sys.argv[1])):
        sys.stdout.write(f"{each}\n")
