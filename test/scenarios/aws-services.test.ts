// REST APIs in front of S3, Kinesis, DynamoDB and SQS, as the developer guide's tutorials set them up: servers that are
// none of the project's stand behind them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsServices, awsServicesMissing, startAwsServices } from "../harness/aws-services.ts";
import { type Answer, callApi, type CallOptions, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { makeServiceApi, type ServiceMethod } from "../harness/service-api.ts";

if (awsServicesMissing !== undefined) console.warn(`AWS service scenarios are skipped: ${awsServicesMissing}`);

describe.skipIf(awsServicesMissing !== undefined)("AWS service integrations", () => {
  let services: AwsServices;
  let gatehouse: Gatehouse;

  beforeAll(async () => {
    services = await startAwsServices();
    gatehouse = await startGatehouse({ env: { AWS_ENDPOINT_URL_S3: services.url, AWS_ENDPOINT_URL: services.url } });
  });

  afterAll(async () => {
    await gatehouse?.stop();
    await services?.[Symbol.asyncDispose]();
    if (gatehouse !== undefined) await removeDirectory(gatehouse.dataDir);
  });

  /** Makes an API and gives the way to call it: `ask("GET /path")`. */
  async function apiOf(name: string, methods: readonly ServiceMethod[]) {
    const client = gatehouse.apiGateway();
    const apiId = await makeServiceApi(client, name, methods);
    client.destroy();
    return (route: string, options: CallOptions = {}): Promise<Answer> => {
      const [method, path] = route.split(" ") as [string, string];
      return callApi(gatehouse, apiId, `/test${path}`, { method, ...options });
    };
  }

  const json = (value: unknown): CallOptions => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
  test("Tutorial: Create a REST API as an Amazon S3 proxy", async () => {
    const bucket = { "path.bucket": "method.request.path.folder" };
    const object = { ...bucket, "path.object": "method.request.path.item" };
    const ask = await apiOf("MyS3", [
      { route: "GET /", service: "GET s3:path//" },
      { route: "GET /{folder}", service: "GET s3:path/{bucket}", mappings: bucket },
      { route: "PUT /{folder}", service: "PUT s3:path/{bucket}", mappings: { ...bucket, "header.x-amz-acl": "'private'" } },
      { route: "DELETE /{folder}", service: "DELETE s3:path/{bucket}", mappings: bucket },
      { route: "GET /{folder}/{item}", service: "GET s3:path/{bucket}/{object}", mappings: object },
      {
        route: "PUT /{folder}/{item}",
        service: "PUT s3:path/{bucket}/{object}",
        mappings: { ...object, "header.Content-Type": "method.request.header.Content-Type", "header.x-amz-meta-by": "'gateway'" },
      },
      {
        route: "HEAD /{folder}/{item}",
        service: "HEAD s3:path/{bucket}/{object}",
        mappings: object,
        passed: ["Content-Type", "Content-Length", "x-amz-meta-by"],
      },
      { route: "DELETE /{folder}/{item}", service: "DELETE s3:path/{bucket}/{object}", mappings: object },
    ]);

    expect(await ask("PUT /apig-demo")).toMatchObject({ status: 200, body: "" });
    const buckets = await ask("GET /");
    expect(buckets).toMatchObject({ status: 200, headers: { "content-type": "application/xml" } });
    expect(buckets.body).toMatch(/<Buckets><Bucket>.*<Name>apig-demo<\/Name>.*<\/Bucket><\/Buckets>/s);

    const put = await ask("PUT /apig-demo/folder%2FReadme%20(1).txt", { headers: { "Content-Type": "text/plain" }, body: "Welcome to S3, ä" });
    expect(put).toMatchObject({ status: 200, body: "" });
    expect((await ask("GET /apig-demo")).body).toContain("<Key>folder/Readme (1).txt</Key>");
    expect(await ask("GET /apig-demo/folder%2FReadme%20(1).txt")).toMatchObject({
      status: 200,
      headers: { "content-type": expect.stringMatching(/^text\/plain/) as string },
      body: "Welcome to S3, ä",
    });
    expect(await ask("HEAD /apig-demo/folder%2FReadme%20(1).txt")).toMatchObject({
      status: 200,
      headers: { "content-length": "17", "x-amz-meta-by": "gateway" },
      body: "",
    });
    expect(await ask("DELETE /apig-demo")).toMatchObject({ status: 400, headers: { "content-type": "application/xml" } });
    expect((await ask("DELETE /apig-demo/folder%2FReadme%20(1).txt")).status).toBe(200);
    const gone = await ask("GET /apig-demo/folder%2FReadme%20(1).txt");
    expect(gone.status).toBe(400);
    expect(gone.body).toContain("<Code>NoSuchKey</Code>");
    expect((await ask("DELETE /apig-demo")).status).toBe(200);
    expect((await ask("GET /")).body).not.toContain("apig-demo");
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-kinesis.html
  test("Tutorial: Create a REST API as an Amazon Kinesis proxy", async () => {
    const mappings = { "header.Content-Type": "'application/x-amz-json-1.1'" };
    const stream = "/streams/{stream-name}";
    const action = (route: string, name: string, template: string): ServiceMethod => ({ route, service: `POST kinesis:action/${name}`, mappings, template });
    const named = '{"StreamName": "$input.params(\'stream-name\')"}';
    const ask = await apiOf("KinesisProxy", [
      action("GET /streams", "ListStreams", "{}"),
      action(
        `POST ${stream}`,
        "CreateStream",
        `{"ShardCount": #if($input.path('$.ShardCount') == '') 5 #else $input.path('$.ShardCount') #end, "StreamName": "$input.params('stream-name')"}`,
      ),
      action(`GET ${stream}`, "DescribeStream", named),
      action(`DELETE ${stream}`, "DeleteStream", named),
      action(
        `PUT ${stream}/record`,
        "PutRecord",
        `{"StreamName": "$input.params('stream-name')", "Data": "$util.base64Encode($input.json('$.Data'))", "PartitionKey": "$input.path('$.PartitionKey')"}`,
      ),
      action(
        `PUT ${stream}/records`,
        "PutRecords",
        `{"StreamName": "$input.params('stream-name')", "Records": [
           #foreach($elem in $input.path('$.records'))
             {"Data": "$util.base64Encode($elem.data)", "PartitionKey": "$elem.partition-key"}#if($foreach.hasNext),#end
           #end
         ]}`,
      ),
      action(
        `GET ${stream}/sharditerator`,
        "GetShardIterator",
        `{"ShardId": "$input.params('shard-id')", "ShardIteratorType": "TRIM_HORIZON", "StreamName": "$input.params('stream-name')"}`,
      ),
      action(`GET ${stream}/records`, "GetRecords", `{"ShardIterator": "$input.params('Shard-Iterator')"}`),
    ]);
    const read = (answer: Answer): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

    expect((await ask("POST /streams/first", json({ ShardCount: 1 }))).status).toBe(200);
    expect(read(await ask("GET /streams"))).toMatchObject({ StreamNames: ["first"] });
    const described = read(await ask("GET /streams/first")) as { StreamDescription: { Shards: { ShardId: string }[] } };
    const shardId = described.StreamDescription.Shards[0]?.ShardId as string;
    expect(described.StreamDescription.Shards).toHaveLength(1);

    expect(read(await ask("PUT /streams/first/record", json({ Data: "some data", PartitionKey: "some key" })))).toMatchObject({ ShardId: shardId });
    const records = [{ data: "more data", "partition-key": "some key" }, { data: "some other data", "partition-key": "some key" }];
    expect(read(await ask("PUT /streams/first/records", json({ records })))).toMatchObject({ FailedRecordCount: 0 });

    const { ShardIterator } = read(await ask(`GET /streams/first/sharditerator?shard-id=${shardId}`)) as { ShardIterator: string };
    const got = read(await ask("GET /streams/first/records", { headers: { "Shard-Iterator": ShardIterator.trim() } })) as { Records: { Data: string }[] };
    expect(got.Records.map(({ Data }) => Buffer.from(Data, "base64").toString())).toEqual(['"some data"', "more data", "some other data"]);

    expect((await ask("DELETE /streams/first")).status).toBe(200);
    const gone = await ask("GET /streams/first");
    expect({ status: gone.status, type: read(gone)["__type"] }).toEqual({ status: 400, type: "ResourceNotFoundException" });
  });

  test("DynamoDB takes the client's JSON by action", async () => {
    const action = (name: string): ServiceMethod => ({ route: `POST /${name}`, service: `POST dynamodb:action/${name}` });
    const ask = await apiOf("DynamoDB", ["CreateTable", "PutItem", "GetItem"].map(action));
    const TableName = "Pets";
    const created = await ask("POST /CreateTable", json({
      TableName,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }));
    expect(created.status).toBe(200);
    const Item = { id: { S: "1" }, kind: { S: "dog" }, price: { N: "249.99" } };
    expect(await ask("POST /PutItem", json({ TableName, Item }))).toMatchObject({ status: 200, body: "{}" });
    const got = await ask("POST /GetItem", json({ TableName, Key: { id: { S: "1" } } }));
    expect({ status: got.status, body: JSON.parse(got.body) as unknown }).toEqual({ status: 200, body: { Item } });
    expect(await ask("POST /GetItem", json({ TableName: "Missing", Key: { id: { S: "1" } } }))).toMatchObject({
      status: 400,
      body: expect.stringContaining("ResourceNotFoundException") as string,
    });
  });

  // A store of comments behind two resources, as REST APIs are commonly put in front of a table: PutItem, GetItem and Query,
  // each with a template on the way there and on the way back.
  test("DynamoDB is a table of comments, by templates both ways", async () => {
    const setUp = await apiOf("Tables", [{ route: "POST /", service: "POST dynamodb:action/CreateTable" }]);
    const table = {
      TableName: "Comments",
      AttributeDefinitions: ["commentId", "pageId"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [{ AttributeName: "commentId", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        { IndexName: "byPage", KeySchema: [{ AttributeName: "pageId", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
      ],
      BillingMode: "PAY_PER_REQUEST",
    };
    expect((await setUp("POST /", json(table))).status).toBe(200);

    const comment = (from: string): string =>
      `"id": "$${from}.commentId.S", "by": "$util.escapeJavaScript($${from}.userName.S)", "text": "$util.escapeJavaScript($${from}.message.S)"`;
    const ask = await apiOf("Comments", [
      {
        route: "POST /comments",
        service: "POST dynamodb:action/PutItem",
        template: `#set($body = $input.path('$'))
          {"TableName": "Comments", "Item": {
            "commentId": {"S": "$context.requestId"},
            "pageId": {"S": "$body.pageId"},
            "userName": {"S": "$util.escapeJavaScript($body.userName)"},
            "message": {"S": "$util.escapeJavaScript($body.message)"}}}`,
        responseTemplate: `#set($context.responseOverride.status = 201)
          #set($context.responseOverride.header.Location = "/comments/$context.requestId"){"id": "$context.requestId"}`,
      },
      {
        route: "GET /comments/{id}",
        service: "POST dynamodb:action/GetItem",
        template: `{"TableName": "Comments", "Key": {"commentId": {"S": "$util.escapeJavaScript($input.params('id'))"}}}`,
        responseTemplate: `#set($item = $input.path('$.Item'))
          #if($item && $item != "")
            {${comment("item")}}
          #else
            #set($context.responseOverride.status = 404){"message": "No comment $input.params('id')"}
          #end`,
      },
      {
        route: "GET /pages/{page}/comments",
        service: "POST dynamodb:action/Query",
        template: `{"TableName": "Comments", "IndexName": "byPage",
          "KeyConditionExpression": "pageId = :page",
          "ExpressionAttributeValues": {":page": {"S": "$util.escapeJavaScript($input.params('page'))"}}}`,
        responseTemplate: `#set($root = $input.path('$')){"count": $root.Count, "comments": [
          #foreach($each in $root.Items){${comment("each")}}#if($foreach.hasNext),#end#end
        ]}`,
      },
    ]);
    const read = (answer: Answer): unknown => JSON.parse(answer.body);

    const first = await ask("POST /comments", json({ pageId: "7", userName: "Ann", message: 'Says "hello", \u00e4' }));
    const { id } = read(first) as { id: string };
    expect({ status: first.status, location: first.headers["location"], id }).toEqual({
      status: 201,
      location: `/comments/${id}`,
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
    });
    expect((await ask("POST /comments", json({ pageId: "7", userName: "Bob", message: "Line one\nline two" }))).status).toBe(201);
    expect((await ask("POST /comments", json({ pageId: "8", userName: "Cid", message: "Elsewhere" }))).status).toBe(201);

    const one = await ask(`GET /comments/${id}`);
    expect({ status: one.status, body: read(one) }).toEqual({ status: 200, body: { id, by: "Ann", text: 'Says "hello", ä' } });
    const none = await ask("GET /comments/nobody");
    expect({ status: none.status, body: read(none) }).toEqual({ status: 404, body: { message: "No comment nobody" } });

    const page = await ask("GET /pages/7/comments");
    const { count, comments } = read(page) as { count: number; comments: { by: string; text: string }[] };
    expect({ status: page.status, count, comments: comments.toSorted((a, b) => (a.by < b.by ? -1 : 1)) }).toEqual({
      status: 200,
      count: 2,
      comments: [
        { id, by: "Ann", text: 'Says "hello", ä' },
        { id: expect.any(String) as string, by: "Bob", text: "Line one\nline two" },
      ],
    });
    expect(read(await ask("GET /pages/9/comments"))).toEqual({ count: 0, comments: [] });
  });

  // https://repost.aws/knowledge-center/api-gateway-rest-api-sqs-errors
  test("SQS takes messages by path in both of its protocols, and SNS by action", async () => {
    // The account of everybody whom the server does not know.
    const queue = "123456789012/orders";
    const form = { "header.Content-Type": "'application/x-www-form-urlencoded'" };
    const topic = "arn:aws:sns:us-east-1:123456789012:news";
    const ask = await apiOf("Messages", [
      { route: "POST /queue", service: "POST sqs:path/", mappings: form, template: "Action=CreateQueue&QueueName=orders" },
      {
        route: "POST /by-form",
        service: `POST sqs:path/${queue}`,
        mappings: form,
        template: "Action=SendMessage&MessageBody=$util.urlEncode($input.body)",
      },
      {
        route: "POST /by-json",
        service: `POST sqs:path/${queue}`,
        mappings: { "header.Content-Type": "'application/x-amz-json-1.0'", "header.X-Amz-Target": "'AmazonSQS.SendMessage'" },
        template: `{"QueueUrl": "${services.url}/${queue}", "MessageBody": "$input.params('text')"}`,
      },
      { route: "POST /messages", service: `POST sqs:path/${queue}`, mappings: form, template: "Action=ReceiveMessage&MaxNumberOfMessages=10" },
      { route: "PUT /topic", service: "POST sns:action/CreateTopic&Name=news" },
      {
        route: "PUT /subscription",
        service: "POST sns:action/Subscribe",
        mappings: {
          "querystring.TopicArn": `'${topic}'`,
          "querystring.Protocol": "'sqs'",
          "querystring.Endpoint": "'arn:aws:sqs:us-east-1:123456789012:orders'",
        },
      },
      {
        route: "GET /news",
        service: `GET sns:action/Publish&TopicArn=${topic}`,
        mappings: { "querystring.Message": "method.request.querystring.text" },
      },
    ]);
    for (const route of ["POST /queue", "PUT /topic", "PUT /subscription", "POST /by-json?text=first"]) {
      expect({ route, ...(await ask(route, route.startsWith("POST") ? json({}) : {})) }).toMatchObject({ route, status: 200 });
    }
    expect((await ask("POST /by-form", json({ order: 1 }))).status).toBe(200);
    expect((await ask("GET /news?text=one+%26+two")).status).toBe(200);
    const { body } = await ask("POST /messages", json({}));
    const messages = [...body.matchAll(/<Body>(.*?)<\/Body>/gs)].map(([, text]) => text as string);
    expect(messages.slice(0, 2)).toEqual(["first", "{&quot;order&quot;:1}"]);
    expect(messages[2]).toContain("&quot;Message&quot;: &quot;one &amp; two&quot;");
  });
});
