// Evaluates paths with Jayway's JsonPath, for comparison. Two lines of standard input for each case: a path as a JSON
// string, then a document. One line of standard output: {"value":...}, {"missing":true}, {"failed":"..."} or
// {"syntax":"..."}. Run as a single source file: java -cp 'directory of jars/*' JaywayOracle.java
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;

public class JaywayOracle {
  static final Configuration CONFIGURATION = Configuration.defaultConfiguration();

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String path = in.readLine(); path != null; path = in.readLine()) {
      out.println(evaluate((String) CONFIGURATION.jsonProvider().parse(path), in.readLine()));
    }
    out.flush();
  }

  static String evaluate(String text, String document) {
    JsonPath path;
    try {
      // Compiled anew for each case: evaluating changes some paths.
      path = JsonPath.compile(text);
    } catch (Throwable error) {
      return "{\"syntax\":" + quote(error.getClass().getSimpleName() + ": " + error.getMessage()) + "}";
    }
    try {
      Object value = path.read(CONFIGURATION.jsonProvider().parse(document), CONFIGURATION);
      return "{\"value\":" + json(value) + "}";
    } catch (PathNotFoundException error) {
      return "{\"missing\":true}";
    } catch (Throwable error) {
      return "{\"failed\":" + quote(error.getClass().getSimpleName() + ": " + error.getMessage()) + "}";
    }
  }

  static String json(Object value) {
    StringBuilder text = new StringBuilder();
    if (value instanceof String) return quote((String) value);
    if (value instanceof Map) {
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        text.append(text.length() == 0 ? "" : ",").append(quote((String) entry.getKey())).append(":").append(json(entry.getValue()));
      }
      return "{" + text + "}";
    }
    if (value instanceof Collection) {
      int count = 0;
      for (Object element : (Collection<?>) value) text.append(count++ == 0 ? "" : ",").append(json(element));
      return "[" + text + "]";
    }
    return String.valueOf(value);
  }

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < 0x20 || c > 0x7e) quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }
}
