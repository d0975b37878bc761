// Kinesis-PutRecord: the record's data is the parameter's text, in base64 only on the wire
// (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html).
import { jsonRequest, type ServiceActions } from "./action.ts";

export const KINESIS_ACTIONS: ServiceActions = {
  "Kinesis-PutRecord": {
    service: "kinesis",
    hostPrefix: "",
    encode({ Data = "", ExplicitHashKey, PartitionKey, SequenceNumberForOrdering, StreamName }) {
      const data = Buffer.from(Data).toString("base64");
      return jsonRequest("kinesis", "PutRecord", { StreamName, Data: data, PartitionKey, ExplicitHashKey, SequenceNumberForOrdering });
    },
  },
};
