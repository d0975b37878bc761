// Validates with the Java library json-schema-validator, for comparison. One JSON object a line on standard input,
// {"schema":..., "instance":..., "documents":{"url":schema}}, one on standard output: {"messages":[["error","..."]...]} or
// {"refused":"..."}. Run as a single source file: java -cp 'directory of jars/*' ValidatorOracle.java
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.fge.jackson.JsonLoader;
import com.github.fge.jsonschema.core.load.configuration.LoadingConfiguration;
import com.github.fge.jsonschema.core.load.configuration.LoadingConfigurationBuilder;
import com.github.fge.jsonschema.core.report.ProcessingMessage;
import com.github.fge.jsonschema.core.report.ProcessingReport;
import com.github.fge.jsonschema.main.JsonSchemaFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

public class ValidatorOracle {
  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) out.println(validate(JsonLoader.fromString(line)));
    out.flush();
  }

  static String validate(JsonNode request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try {
      LoadingConfigurationBuilder loading = LoadingConfiguration.newBuilder();
      Iterator<Map.Entry<String, JsonNode>> documents = request.path("documents").fields();
      while (documents.hasNext()) {
        Map.Entry<String, JsonNode> document = documents.next();
        loading.preloadSchema(document.getKey(), document.getValue());
      }
      JsonSchemaFactory factory = JsonSchemaFactory.newBuilder().setLoadingConfiguration(loading.freeze()).freeze();
      ProcessingReport report = factory.getJsonSchema(request.get("schema")).validate(request.get("instance"));
      ArrayNode messages = answer.putArray("messages");
      for (ProcessingMessage message : report) {
        messages.addArray().add(message.getLogLevel().toString()).add(message.getMessage());
      }
    } catch (Throwable error) {
      answer.put("refused", error.getClass().getSimpleName() + ": " + error.getMessage());
    }
    return answer.toString();
  }
}
