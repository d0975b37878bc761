"""Runs many `aws` commands: the command's own code, imported once, and for each a process that is forked from here.

Reads lines of JSON, `{"args": [...], "env": {...}}`, and answers each with a line, `{"code", "stdout", "stderr"}`, in their
order. A command has its own environment, and nothing of what the one before it left in memory.
"""

import gc
import json
import os
import sys
import tempfile
import traceback

try:
    import awscli.clidriver as cli
except ImportError:
    sys.exit(1)

driver = cli.create_clidriver()
warm = set()


def warm_up(service):
    """Has the session load what every command of a service reads: its model, and how its clients are made."""
    if service in warm:
        return
    warm.add(service)
    session = driver.session
    # With keys, so that it looks for none: those are the commands' own.
    session.create_client(service, region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    session.get_paginator_model(service)
    gc.freeze()


def be_the_command(args, env, stdout, stderr):
    """What the `aws` script does, with the driver that is there already. Does not return."""
    code = 255
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(stdout.fileno(), 1)
        os.dup2(stderr.fileno(), 2)
        os.environ.clear()
        # Asking macOS for its proxies is what a forked process must not do.
        os.environ.update({"NO_PROXY": "*", **env})
        sys.argv = ["aws", *args]
        cli.create_clidriver = lambda *_: driver
        code = cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 255
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def text_of(stream):
    stream.seek(0)
    return stream.read().decode("utf-8")


def run(args, env):
    warm_up(args[0])
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            be_the_command(args, env, stdout, stderr)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return {"code": code, "stdout": text_of(stdout), "stderr": text_of(stderr)}


print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
