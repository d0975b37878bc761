// A worker's process for tests of the fleet: it joins and takes what it is told, and fails as its second argument says.
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { connectLocally, openChannel } from "../adapters/channel/index.ts";
import { version } from "../version.ts";
import { errorForm, type Welcome } from "./messages.ts";

const [, , socketPath = "", fault = "", port = "", holder = "0"] = process.argv;
const done = { value: undefined };

/** It serves on a port already, for a primary of another version that is gone. */
const isOrphan = fault === "is of another version";
if (isOrphan) {
  const server = createServer().listen({ port: Number(port), host: "127.0.0.1" });
  await once(server, "listening");
  process.stdout.write("listening");
}

let socket = await connectLocally(socketPath);
while (isOrphan && socket === undefined) {
  await wait(20);
  socket = await connectLocally(socketPath);
}
if (socket === undefined || fault === "ends before it joins") process.exit(1);

const channel = openChannel(socket, {
  errors: errorForm,
  handlers: {
    keepOnly: () => done,
    replaceKeys: () => done,
    replaceIdentities: () => done,
    put: () => done,
    listen(ports) {
      if (fault === "ends when it is to listen") process.exit(1);
      return { value: (ports as readonly number[]).map((port) => port || process.pid) };
    },
    async end() {
      setImmediate(() => process.exit(0));
      return done;
    },
  },
});
const self = { pid: process.pid, holder: Number(holder) };
const hello = isOrphan ? { ...self, version: "0.0.0", ports: [Number(port)] } : { ...self, version, ports: undefined };
const { stays } = (await channel.call("hello", hello)).value as Welcome;
if (!stays) process.exit(0);
