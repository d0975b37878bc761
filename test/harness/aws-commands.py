"""Runs many `aws` commands, one after the other, in one process: the command's own code, imported once.

Reads lines of JSON, `{"args": [...], "env": {...}}`, and answers each with a line, `{"code", "stdout", "stderr"}`, in their
order. Commands of one environment share a session, which keeps the models of services and the credentials.
"""

import gc
import io
import json
import logging
import os
import sys

given = dict(os.environ)
try:
    import awscli.clidriver as cli
except ImportError:
    sys.exit(1)

# Their sessions go on writing to the file that they have been given.
WRITING = {"get-export", "get-sdk", "invoke"}

# Where its data is.
imported = {name: value for name, value in os.environ.items() if given.get(name) != value}
new_driver = cli.create_clidriver
drivers = {}
loader = None


def driver_of(args, env):
    """The driver of an environment; one of its own where the command would leave something behind."""
    global loader
    key = json.dumps(env, sort_keys=True)
    if key in drivers and not WRITING.intersection(args):
        return drivers[key]
    driver = new_driver()
    # What is read of services is the same for all.
    loader = loader or driver.session.get_component("data_loader")
    driver.session.register_component("data_loader", loader)
    if not WRITING.intersection(args):
        drivers[key] = driver
    return driver


def code_of(command):
    """Runs what the `aws` script runs, and gives its exit code."""
    try:
        return command() or 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1


def run(args, env):
    os.environ.clear()
    os.environ.update(imported)
    os.environ.update(env)
    sys.argv = ["aws", *args]
    driver = driver_of(args, env)
    cli.create_clidriver = lambda *_: driver
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = written = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in streams]
    try:
        code = code_of(cli.main)
    finally:
        sys.stdout, sys.stderr = streams
        # Each command adds a handler that writes to its own stderr.
        logging.getLogger("awscli").handlers.clear()
    stdout, stderr = (stream.buffer.getvalue().decode("utf-8") for stream in written)
    return {"code": code, "stdout": stdout, "stderr": stderr}


gc.freeze()
print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
