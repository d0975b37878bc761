// Headers as they travel, on requests and responses, towards clients and backends.

/** Names and values in turn, as they travelled: `["Host", "example.com", "Accept", "text/html"]`. */
export type HeaderList = readonly string[];
