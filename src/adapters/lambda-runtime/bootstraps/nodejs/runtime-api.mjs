// The function's side of the Lambda Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html): one
// kept connection, written and read by hand, because loading node:http would double the time of a cold start.
import { connect, Socket } from "node:net";

const BASE = "/2018-06-01/runtime";
const ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
const ERROR_BODY = "Lambda-Runtime-Function-Error-Body";
const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * Connects to the Runtime API: over the pipe that is descriptor `pipe` where the process was given one, else at `address`
 * (`host:port`). Ends the process when the connection breaks: whoever started it is gone, and nobody could be answered any
 * more.
 */
export function connectRuntimeApi(address, pipe) {
  const socket = pipe === undefined ? connectTo(address) : new Socket({ fd: pipe, readable: true, writable: true });
  const answers = [];
  let chunks = [];
  let size = 0;
  /** No whole answer is there before so many bytes are: a large event is put together once, not with every chunk. */
  let wanted = 1;

  socket.on("error", () => process.exit(1));
  socket.on("close", () => process.exit(1));
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    for (let answer = takeAnswer(); answer !== undefined; answer = takeAnswer()) answers.shift()?.(answer);
  });
  // Only waiting for an answer keeps the process alive: an idle event loop says that a handler has nothing left to do.
  socket.unref();
  let awaited = 0;
  const awaitAnswer = async (answered) => {
    if (awaited++ === 0) socket.ref();
    const answer = await answered;
    if (--awaited === 0) socket.unref();
    return answer;
  };

  /** The first whole answer of what was received. The API always names a Content-Length. */
  function takeAnswer() {
    if (size < wanted) return undefined;
    const received = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    chunks = [received];
    const end = received.indexOf(HEAD_END);
    if (end < 0) {
      wanted = size + 1;
      return undefined;
    }
    const headers = readHead(received.toString("latin1", 0, end));
    const start = end + HEAD_END.length;
    wanted = start + Number(headers["content-length"]);
    if (size < wanted) return undefined;
    const body = received.subarray(start, wanted);
    chunks = [received.subarray(wanted)];
    size -= wanted;
    wanted = 1;
    return { status: headers[":status"], headers, body };
  }

  function exchange() {
    return new Promise((resolve) => answers.push(resolve));
  }

  // What is sent in one go, an answer and the question for what is next, is one write.
  let unsent = "";
  function send(text) {
    if (unsent === "") process.nextTick(flush);
    unsent += text;
  }
  function flush() {
    if (unsent !== "") socket.write(unsent);
    unsent = "";
  }

  function post(path, body, headers = "") {
    const size = Buffer.byteLength(body);
    send(`POST ${BASE}${path} HTTP/1.1\r\nHost: ${address}\r\nContent-Length: ${size}\r\n${headers}\r\n${body}`);
    return awaitAnswer(exchange());
  }

  const json = "Content-Type: application/json\r\n";
  const errorHeaders = (error) => `${json}${ERROR_TYPE}: ${headerText(error.errorType)}\r\n`;

  return {
    next() {
      send(`GET ${BASE}/invocation/next HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
      return awaitAnswer(exchange());
    },

    respond: (id, text) => post(`/invocation/${id}/response`, text, json),
    fail: (id, error) => post(`/invocation/${id}/error`, JSON.stringify(error), errorHeaders(error)),
    failInit: (error) => post("/init/error", JSON.stringify(error), errorHeaders(error)),

    /** Begins a streamed response (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming). */
    stream(id, contentType) {
      flush();
      socket.write(
        `POST ${BASE}/invocation/${id}/response HTTP/1.1\r\nHost: ${address}\r\n` +
          `Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n` +
          `Trailer: ${ERROR_TYPE}, ${ERROR_BODY}\r\nContent-Type: ${headerText(contentType)}\r\n\r\n`,
        "latin1",
      );
      const answered = exchange();
      let ended = false;
      return {
        write(chunk, done) {
          if (chunk.length === 0) return void process.nextTick(done);
          socket.cork();
          socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
          socket.write(chunk);
          socket.write("\r\n", "latin1", done);
          socket.uncork();
        },
        /** Ends the response; `error` (errorType, errorMessage, trace) travels in the trailers. */
        end(error) {
          if (ended) return answered;
          ended = true;
          const body = error === undefined ? "" : Buffer.from(JSON.stringify(error)).toString("base64");
          const trailers = error === undefined ? "" : `${ERROR_TYPE}: ${headerText(error.errorType)}\r\n${ERROR_BODY}: ${body}\r\n`;
          socket.write(`0\r\n${trailers}\r\n`, "latin1");
          return awaitAnswer(answered);
        },
      };
    },
  };
}

function connectTo(address) {
  const colon = address.lastIndexOf(":");
  return connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), noDelay: true });
}

function readHead(text) {
  const lines = text.split("\r\n");
  const isAscii = !/[^\0-\x7f]/.test(text);
  const headers = { ":status": Number(lines[0].split(" ")[1]) };
  for (let i = 1; i < lines.length; i++) {
    const colon = lines[i].indexOf(":");
    const value = lines[i].slice(colon + 1).trim();
    headers[lines[i].slice(0, colon).toLowerCase()] = isAscii ? value : Buffer.from(value, "latin1").toString();
  }
  return headers;
}

/** An error's name is the function's own text: nothing of it may end the header line. */
function headerText(text) {
  return String(text).replace(/[^\x20-\x7e]/g, "?");
}
