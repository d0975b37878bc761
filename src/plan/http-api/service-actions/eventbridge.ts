// EventBridge-PutEvents: one event a request (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
import { type ActionParameters, invalid, jsonRequest, listParameter, type ServiceActions } from "./action.ts";

export const EVENTBRIDGE_ACTIONS: ServiceActions = {
  "EventBridge-PutEvents": {
    service: "events",
    hostPrefix: "",
    encode(parameters) {
      const { Detail, DetailType, EventBusName, Source, TraceHeader } = parameters;
      const entry = { Detail, DetailType, EventBusName, Resources: listParameter(parameters, "Resources"), Source, Time: secondsOf(parameters), TraceHeader };
      return jsonRequest("events", "PutEvents", { Entries: [entry] });
    },
  },
};

/** The protocol has seconds since the epoch, and RFC 3339 is how people write times. */
function secondsOf({ Time: text }: ActionParameters): number | undefined {
  if (text === undefined || text === "") return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (!Number.isFinite(seconds)) throw invalid("Time", "a time");
  return seconds;
}
