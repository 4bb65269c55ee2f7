"""A network namespace for the second daemon.

Two daemons in one namespace hand out the same addresses on docker0, rewrite each other's iptables chains, and the one
with another bridge removes docker0 under the first. Apart, joined to the outside by a pair of virtual interfaces and
address translation, neither knows of the other.
"""

import subprocess
from pathlib import Path

NAME = "mlc-new"
INSIDE = ("nsenter", f"--net=/run/netns/{NAME}")
"""Put before a command, runs it in the namespace."""

LONELY = "mlc-lonely"
"""A namespace without a way out, for the machine that has nothing."""
INSIDE_LONELY = ("nsenter", f"--net=/run/netns/{LONELY}")

OUTER, _INNER, _NETWORK = "10.213.77.1", "10.213.77.2", "10.213.77.0/30"


def prepare() -> None:
    """Make the namespace and its way out; what is there already stays as it is."""
    if not Path("/run/netns", NAME).exists():
        _ip(f"netns add {NAME}")
        _ip(f"link add {NAME} type veth peer name outside netns {NAME}")
        _ip(f"address add {OUTER}/30 dev {NAME}")
        _ip(f"link set {NAME} up")
        for command in (
            "link set lo up",
            f"address add {_INNER}/30 dev outside",
            "link set outside up",
            f"route add default via {OUTER}",
        ):
            _ip(f"-n {NAME} {command}")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    _allow("filter", f"FORWARD --in-interface {NAME} --jump ACCEPT")
    _allow("filter", f"FORWARD --out-interface {NAME} --jump ACCEPT")
    _allow("nat", f"POSTROUTING --source {_NETWORK} ! --out-interface {NAME} --jump MASQUERADE")


def prepare_lonely() -> None:
    """Make the namespace that reaches nothing but itself."""
    if not Path("/run/netns", LONELY).exists():
        _ip(f"netns add {LONELY}")
        _ip(f"-n {LONELY} link set lo up")


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)


def _allow(table: str, rule: str) -> None:
    known = ["iptables", "--table", table, "--check", *rule.split()]
    if subprocess.run(known, capture_output=True, check=False).returncode:
        subprocess.run(["iptables", "--table", table, "--insert", *rule.split()], check=True)
