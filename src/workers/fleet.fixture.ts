// A worker's process for tests of the fleet: it joins and takes what it is told, and fails as its second argument says.
import { connectLocally, openChannel } from "../adapters/channel/index.ts";
import { version } from "../version.ts";
import { errorForm } from "./messages.ts";

const [, , socketPath = "", fault = ""] = process.argv;
const done = { value: undefined };
const socket = await connectLocally(socketPath);
if (socket === undefined || fault === "ends before it joins") process.exit(1);

const channel = openChannel(socket, {
  errors: errorForm,
  handlers: {
    keepOnly: () => done,
    replaceKeys: () => done,
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
await channel.call("hello", { pid: process.pid, version, ports: undefined });
