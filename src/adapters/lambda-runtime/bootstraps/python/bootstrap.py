"""The Python runtime: loads the function's handler and runs its invocations, one after another.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
The Runtime API is spoken over one kept socket, by hand: importing http.client would double the time of a cold start.
"""

import importlib
import json
import os
import socket
import sys
import time

_BASE = "/2018-06-01/runtime"
_ENV = os.environ
_REQUEST_ID = ""


class Fault(Exception):
    """One of the runtime's own errors, `Runtime.{name}`."""

    def __init__(self, name, message, trace=None):
        super().__init__(message)
        self.error_type = "Runtime." + name
        self.trace = trace or []


class RuntimeApi:
    """The function's side of https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.

    A broken connection ends the process: whoever started it is gone.
    """

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self._host = address
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb", 65536)

    def next(self):
        head = "GET %s/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n" % (_BASE, self._host)
        return self._exchange(head.encode())

    def respond(self, request_id, body, content_type):
        self._post("/invocation/%s/response" % request_id, body, content_type)

    def fail(self, request_id, error):
        self._post("/invocation/%s/error" % request_id, _to_json(error), "application/json", error["errorType"])

    def fail_init(self, error):
        self._post("/init/error", _to_json(error), "application/json", error["errorType"])

    def _post(self, path, body, content_type, error_type=None):
        if isinstance(body, str):
            body = body.encode("utf-8", "surrogatepass")
        head = "POST %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n" % (
            _BASE, path, self._host, content_type, len(body),
        )
        if error_type is not None:
            printable = "".join(c if " " <= c <= "~" else "?" for c in error_type)
            head += "Lambda-Runtime-Function-Error-Type: %s\r\n" % printable
        self._exchange(head.encode() + b"\r\n" + body)

    def _exchange(self, request):
        try:
            self._socket.sendall(request)
            status = self._reader.readline()
            headers = {}
            while True:
                line = self._reader.readline()
                if line in (b"\r\n", b""):
                    break
                name, _, value = line.partition(b":")
                headers[name.decode().lower()] = value.strip().decode("utf-8")
            body = self._reader.read(int(headers.get("content-length", "0")))
        except OSError:
            os._exit(1)
        if not status:
            os._exit(1)
        return headers, body


class _Fields:
    def __init__(self, names, values):
        for name in names:
            setattr(self, name, (values or {}).get(name))

    def __repr__(self):
        return "%s([%s])" % (type(self).__name__, ",".join("%s=%s" % item for item in vars(self).items()))


class CognitoIdentity(_Fields):
    pass


class Client(_Fields):
    pass


class ClientContext(_Fields):
    pass


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = _ENV.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = _ENV.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = _ENV.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = _ENV.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = _ENV.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = None
        self.client_context = _client_context(headers.get("lambda-runtime-client-context"))
        identity = _header_json(headers.get("lambda-runtime-cognito-identity"), "Cognito Identity") or {}
        self.identity = CognitoIdentity(
            ["cognito_identity_id", "cognito_identity_pool_id"],
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            },
        )
        self._epoch_deadline_time_in_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        shown = ",".join("%s=%s" % item for item in vars(self).items() if not item[0].startswith("_"))
        return "LambdaContext([%s])" % shown


def _header_json(text, name):
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        raise Fault("LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (name, error))


def _client_context(text):
    values = _header_json(text, "Client Context")
    if values is None:
        return None
    context = ClientContext(["custom", "env", "client"], values)
    if context.client is not None:
        names = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]
        context.client = Client(names, context.client)
    return context


# Python 3.12 and later write characters as they are (https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html).
_ASCII_RUNTIMES = {"AWS_Lambda_python3.%d" % minor for minor in range(12)}
_ENSURE_ASCII = _ENV.get("AWS_EXECUTION_ENV") in _ASCII_RUNTIMES


class _Encoder(json.JSONEncoder):
    """AWS's runtime writes a Decimal as the number it is; the standard encoder has no way to, so a mark stands in."""

    def __init__(self):
        super().__init__(ensure_ascii=_ENSURE_ASCII, allow_nan=True)
        self.marks = {}

    def default(self, o):
        decimal = sys.modules.get("decimal")
        if decimal is None or not isinstance(o, decimal.Decimal):
            return super().default(o)
        if o.is_nan():
            return float("nan")
        mark = "decimal-%s" % os.urandom(16).hex()
        self.marks[mark] = str(o)
        return mark


def _to_json(value):
    encoder = _Encoder()
    text = encoder.encode(value)
    for mark, number in encoder.marks.items():
        text = text.replace('"%s"' % mark, number)
    return text


def _marshal(value):
    if isinstance(value, bytes):
        return value, "application/unknown"
    try:
        return _to_json(value), "application/json"
    except Exception as error:
        raise Fault("MarshalError", "Unable to marshal response: %s" % error)


def _unmarshal(body):
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault("UnmarshalError", "Unable to unmarshal input: %s" % error)


def _load_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        message = "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name
        raise Fault("MalformedHandlerName", message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % module_name)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("ImportModuleError", "Unable to import module '%s': %s" % (module_name, error))
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise Fault("UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error), trace)
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("HandlerNotFound", "Handler '%s' missing on module '%s'" % (function_name, module_name))


def _error_object(error, request_id):
    """Lambda's error object for what was raised, without the frames of this file at its beginning."""
    if isinstance(error, Fault):
        message, kind, stack = str(error), error.error_type, error.trace
    else:
        import traceback

        frames = [(f.filename, f.lineno, f.name, f.line) for f in traceback.extract_tb(error.__traceback__)]
        own = next((i for i, frame in enumerate(frames) if frame[0] != __file__), len(frames))
        message, kind, stack = str(error), type(error).__name__, traceback.format_list(frames[own:])
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": stack}


def _log_error(error):
    """One event of the log: its lines are parted by carriage returns, and indented by no-break spaces."""
    title = "[ERROR] %s" % error["errorType"]
    if error["errorMessage"]:
        title += ": %s" % error["errorMessage"]
    lines = [title, "Traceback (most recent call last):"]
    for entry in error["stackTrace"]:
        for line in entry.splitlines() or [""]:
            text = line.lstrip(" ")
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    sys.stdout.write("\r".join(lines) + "\n")


def _set_up_logging():
    """https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""
    import logging

    class Handler(logging.Handler):
        def emit(self, record):
            record.aws_request_id = _REQUEST_ID
            sys.stdout.write(self.format(record))

    handler = Handler()
    pattern = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    formatter = logging.Formatter(pattern, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def _run_one(api, handler):
    global _REQUEST_ID
    headers, body = api.next()
    request_id = _REQUEST_ID = headers["lambda-runtime-aws-request-id"]
    if "lambda-runtime-trace-id" in headers:
        _ENV["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
    else:
        _ENV.pop("_X_AMZN_TRACE_ID", None)
    try:
        context = LambdaContext(headers)
        result, content_type = _marshal(handler(_unmarshal(body), context))
    except Exception as raised:
        error = _error_object(raised, request_id)
        _log_error(error)
        api.fail(request_id, error)
    else:
        api.respond(request_id, result, content_type)


def main():
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stderr.reconfigure(encoding="utf-8")
    root = _ENV["LAMBDA_TASK_ROOT"]
    sys.path[0] = root
    api = RuntimeApi(_ENV["AWS_LAMBDA_RUNTIME_API"])
    _set_up_logging()
    try:
        handler = _load_handler(_ENV["_HANDLER"])
    except Exception as raised:
        error = _error_object(raised, "")
        _log_error(error)
        api.fail_init(error)
        sys.exit(1)
    while True:
        _run_one(api, handler)


if __name__ == "__main__":
    main()
