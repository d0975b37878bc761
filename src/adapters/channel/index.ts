// The door of channels: calls between processes of one machine.
export { type Answer, type CallHandler, type CallHandlers, type Channel, ChannelClosed, type ErrorForm, openChannel } from "./channel.ts";
export { connectLocally, listenLocally, type MeetingPlace } from "./local-socket.ts";
