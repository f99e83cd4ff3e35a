"""Prepares the process before the handler is imported."""

import builtins
import os
import sys

PACKAGES = "python"


def prepare():
    """Shows installed dependencies, makes printed lines appear in the log at once."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if root not in sys.path:
        sys.path.insert(0, root)
    _add_packages(os.path.join(root, PACKAGES))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    # The interpreter starts with -S, since looking through the host's packages costs up to 30 ms.
    if not hasattr(builtins, "exit"):
        builtins.exit = builtins.quit = sys.exit


def _add_packages(folder):
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return
    # After the standard library, as an installed package is elsewhere.
    if any(name.endswith(".pth") for name in names):
        import site
        site.addsitedir(folder)
    else:
        sys.path.append(folder)


def load_handler():
    """The user's module. A missing package ends the process with advice in the log."""
    try:
        from function import handler
        return handler
    except ModuleNotFoundError as missing:
        from . import listen
        listen.log_exception("cannot import the handler")
        if missing.name and not missing.name.startswith("function"):
            listen.log("package %s is not there: name it in requirements.txt and build again"
                       % missing.name)
        sys.exit(1)


def has_package(name):
    """Whether a dependency was installed with the function."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.isdir(os.path.join(root, PACKAGES, name))
