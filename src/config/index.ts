// The door of the settings.
export { accountThrottle, connectionThrottle, developmentKeys, isLoopback, isStrict, logDirectory, privateAddresses, usageBatch, userPoolIssuers, workerCount, xrayDaemon } from "./derived.ts";
export { type Command, readCommand, variable } from "./read.ts";
export { ConfigError } from "./setting.ts";
export { type Config, type SettingName, SETTINGS } from "./settings.ts";
export { limitName } from "./values.ts";
