"""The files in deploy/: they hang together, and what can be tried without containers and root has been tried."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest

from fairlead.__main__ import main
from fairlead.config import Settings
from tests.servers import ROOT, free_port, running, surroundings
from tests.viewers import look

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def steps(word):
    """What the Dockerfile says after a word, by line."""
    return [line.removeprefix(f"{word} ").strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{word} ")]


def commands(text):
    """The fairlead commands in a file, without what stands before them."""
    ours = r"\bfairlead (?:--config \S+ )?((?:sync|serve|demo|report|check|status|forget|export)\b[^\n`|;]*)"
    found = re.findall(ours, text)
    return [shlex.split(command, comments=True) for command in found]


def options_of(command):
    """The options a command of ours has."""
    return {option for parameter in main.commands[command].params for option in parameter.opts}


@pytest.fixture
def image():
    """What COPY brings into the image, in a folder nobody can write to."""
    app = Path(tempfile.mkdtemp(prefix="fairlead-image-", dir="/tmp")) / "app"
    app.mkdir()
    for step in steps("COPY"):
        *what, to = shlex.split(step)
        for name in what if "--from" not in step and "/build/" not in to else []:
            _copy(ROOT / name, app / name)
    for path in [app, *app.rglob("*")]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222 | 0o444 | (0o111 if path.is_dir() else 0))
    app.parent.chmod(0o755)
    yield app
    for path in [app, *app.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(app.parent)


def _copy(source, to):
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


def without_privileges():
    """What makes a command one without capabilities where tests run as root, so that what is not writable is not."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed here, and root can write anywhere")
    return ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]


def test_everything_the_image_is_made_of_is_there_and_no_more_is_sent_to_the_builder():
    copied = {name for step in steps("COPY") for name in shlex.split(step)[:-1] if not name.startswith(("--", "/opt"))}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    sent = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    allowed = {line.removeprefix("!").split("/")[0] for line in sent if line.startswith("!")}
    assert allowed == {name.split("/")[0] for name in copied}
    assert "*" in sent


def test_the_image_runs_as_an_ordinary_user_with_pinned_packages_and_a_health_check():
    assert steps("USER") == ["10001:10001"]
    assert re.search(r"ARG PYTHON=python:\d+\.\d+\.\d+-", DOCKERFILE)
    assert any("--require-hashes" in step for step in steps("RUN"))
    (healthy,) = re.findall(r"CMD (\[.*/_stcore/health.*\])", DOCKERFILE)
    assert healthy.startswith('["python", "-c"')
    assert steps("ENTRYPOINT") == ['["python", "-m", "fairlead"]']


def test_every_step_that_makes_the_image_is_one_we_know():
    """A new RUN line is tried by hand or in a test before it is listed here."""
    known = ("python -m venv ", "/opt/venv/bin/pip install ", "/opt/venv/bin/python -m compileall ", "install -d ")
    assert [step for step in steps("RUN") if not step.startswith(known)] == []


def test_the_image_serves_where_nothing_but_two_folders_can_be_written_to(image):
    """The sample organisation, as `docker run --read-only` without capabilities and with a volume on /data shows it."""
    data, port = image.parent / "data", free_port()
    (data / "tmp").mkdir(parents=True)
    image.parent.chmod(0o555)
    words = dict(word.split("=", 1) for line in steps("ENV") for word in line.split() if word.startswith("PYTHON"))
    more = words | {"HOME": str(data / "tmp"), "TMPDIR": str(data / "tmp"), "PYTHONPATH": str(image)}
    command = [*without_privileges(), sys.executable, "-m", "fairlead", "demo", "--port", str(port)]
    with running(command, folder=data, port=port, more=more) as server:
        (checked,) = re.findall(r'"-c", "(.*?)"\]', DOCKERFILE)
        subprocess.run([sys.executable, "-c", checked.replace("8501", str(port))], check=True, env=surroundings())
        shown = look(server.address)
    image.parent.chmod(0o755)
    assert shown.exceptions == []
    assert "Overview" in shown.texts
    assert {path.name for path in image.parent.iterdir()} == {"app", "data"}
    assert not list(image.rglob("__pycache__"))


def blocks(text, indent):
    """The parts of a YAML file that stand under names at this depth, by name."""
    parts = re.split(rf"^ {{{indent}}}([\w-]+):", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture
def compose():
    return blocks((DEPLOY / "compose.yaml").read_text("utf-8"), 0)


def test_compose_runs_two_guarded_replicas_a_store_and_a_proxy(compose):
    for rule in ("read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'):
        assert rule in compose["x-guarded"]
    assert "<<: *guarded" in compose["x-fairlead"]
    assert "<<: *fairlead" in compose["x-web"]
    assert "<<: *fairlead" in compose["x-job"]
    services = blocks(compose["services"], 2)
    guarded = {name: re.search(r"<<: \*(\w+)", service).group(1) for name, service in services.items()}
    assert guarded == {
        "web-1": "web",
        "web-2": "web",
        "sync": "job",
        "weekly": "job",
        "database": "guarded",
        "nginx": "guarded",
    }
    assert [name for name, service in services.items() if "ports:" in service] == ["nginx"]


def test_compose_tells_nginx_of_its_replicas_as_the_file_for_one_machine_does(compose):
    inside = compose["configs"].partition("content: |")[2].replace("$$", "$").split()
    alone = [
        word
        for line in (DEPLOY / "nginx-replicas.conf").read_text("utf-8").splitlines()
        if not line.startswith("#")
        for word in line.replace("127.0.0.1:8501", "web-1:8501").replace("127.0.0.1:8502", "web-2:8501").split()
    ]
    assert inside == alone


def test_the_web_replicas_hold_no_token_of_a_source():
    web = {line.split("=")[0] for line in (DEPLOY / "web.env.example").read_text("utf-8").splitlines() if "=" in line}
    assert web == {"FAIRLEAD_CLIENT_SECRET", "FAIRLEAD_COOKIE_SECRET", "FAIRLEAD_LINK_SECRET", "PGPASSWORD"}


@pytest.mark.parametrize("name", ["web", "jobs", "database"])
def test_no_secret_stands_in_an_example(name):
    lines = (DEPLOY / f"{name}.env.example").read_text("utf-8").splitlines()
    assert all(line.startswith("#") or line.endswith("=") for line in lines)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_each_unit(unit, tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not installed here")
    for each in UNITS:
        text = each.read_text("utf-8").replace("/opt/fairlead/.venv/bin/fairlead", sys.executable)
        (tmp_path / each.name).write_text(text, "utf-8")
    done = subprocess.run([verify, "verify", tmp_path / unit.name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_each_service_is_an_ordinary_user_without_privileges(unit):
    said = unit.read_text("utf-8").splitlines()
    for line in ("User=fairlead", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert line in said


def test_every_command_in_deploy_and_its_document_is_one_of_ours():
    files = [*UNITS, DEPLOY / "github-actions-weekly.yml", ROOT / "docs" / "deploy.md"]
    found = [command for file in files for command in commands(file.read_text("utf-8"))]
    assert len(found) >= 8
    for command, *rest in found:
        assert [word for word in rest if word.startswith("--") and word not in options_of(command)] == []


def test_compose_asks_for_the_same_weekly_report_as_systemd(compose):
    asked = re.search(r"command: \[(report.*)\]", compose["services"]).group(1).split(", ")
    (unit,) = commands((DEPLOY / "systemd" / "fairlead-weekly.service").read_text("utf-8"))
    alike = [word for word in unit if "/" not in word]
    assert [word for word in asked if "/" not in word] == alike


def test_the_workflow_pins_its_actions_and_may_only_read():
    flow = (DEPLOY / "github-actions-weekly.yml").read_text("utf-8")
    uses = re.findall(r"uses: (.*)", flow)
    assert uses
    assert all(re.search(r"@v\d+$", action) for action in uses)
    assert "permissions:\n  contents: read\n" in flow


def test_the_settings_in_the_document_are_valid():
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        Settings.model_validate(tomllib.loads(block))


def test_files_the_document_speaks_of_are_there():
    text = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    named = set(re.findall(r"deploy/[\w./@-]*\w", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists() and name != "deploy/tls"] == []
