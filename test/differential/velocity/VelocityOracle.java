// Renders templates with Apache Velocity 1.7, for comparison. One JSON object a line on standard input,
// {"template": "...", "context": {...}}, one on standard output, {"output": "..."} or {"error": "parse|render", ...}.
// Run as a single source file: java -cp velocity.jar:commons-collections3.jar:commons-lang.jar VelocityOracle.java
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.exception.TemplateInitException;
import org.apache.velocity.runtime.log.NullLogChute;

public class VelocityOracle {
  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Map<?, ?> request = (Map<?, ?>) new Json(line).value();
      Object context = request.get("context");
      out.println(render((String) request.get("template"), context == null ? Map.of() : (Map<?, ?>) context));
    }
    out.flush();
  }

  static String render(String template, Map<?, ?> values) {
    try {
      // An engine for each template, so that no macro of one is known to the next.
      VelocityEngine engine = new VelocityEngine();
      engine.setProperty("runtime.log.logsystem", new NullLogChute());
      engine.setProperty("velocimacro.library", "");
      engine.init();
      VelocityContext context = new VelocityContext();
      context.put("util", new Util());
      for (Map.Entry<?, ?> entry : values.entrySet()) context.put((String) entry.getKey(), entry.getValue());
      StringWriter writer = new StringWriter();
      engine.evaluate(context, writer, "template", template);
      return "{\"output\":" + quote(writer.toString()) + "}";
    } catch (ParseErrorException | TemplateInitException error) {
      return failure("parse", error);
    } catch (Throwable error) {
      return failure("render", error);
    }
  }

  /** What Java has of the functions of $util. */
  public static final class Util {
    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }

    public String urlEncode(String text) throws Exception {
      return URLEncoder.encode(text, "UTF-8");
    }

    public String urlDecode(String text) throws Exception {
      return URLDecoder.decode(text, "UTF-8");
    }

    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String base64Decode(String text) {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    public Object parseJson(String text) {
      return new Json(text).value();
    }
  }

  static String failure(String kind, Throwable error) {
    return "{\"error\":\"" + kind + "\",\"message\":" + quote(String.valueOf(error)) + "}";
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

  /** As much of JSON as the tests write: objects keep their order, whole numbers are as narrow as they can be. */
  static final class Json {
    final String text;
    int at = 0;

    Json(String text) {
      this.text = text;
    }

    char next() {
      while (Character.isWhitespace(text.charAt(at))) at++;
      return text.charAt(at);
    }

    Object value() {
      switch (next()) {
        case '{': return object();
        case '[': return list();
        case '"': return string();
        case 't': at += 4; return Boolean.TRUE;
        case 'f': at += 5; return Boolean.FALSE;
        case 'n': at += 4; return null;
        default: return number();
      }
    }

    Map<String, Object> object() {
      Map<String, Object> map = new LinkedHashMap<>();
      at++;
      while (next() != '}') {
        if (text.charAt(at) == ',') at++;
        next();
        String key = string();
        next();
        at++;
        map.put(key, value());
      }
      at++;
      return map;
    }

    List<Object> list() {
      List<Object> list = new ArrayList<>();
      at++;
      while (next() != ']') {
        if (text.charAt(at) == ',') at++;
        list.add(value());
      }
      at++;
      return list;
    }

    String string() {
      StringBuilder string = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        char c = text.charAt(at);
        if (c != '\\') string.append(c);
        else {
          c = text.charAt(++at);
          int simple = "nrtbf".indexOf(c);
          if (c == 'u') {
            string.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
            at += 4;
          } else string.append(simple < 0 ? c : "\n\r\t\b\f".charAt(simple));
        }
      }
      at++;
      return string.toString();
    }

    Object number() {
      int start = at;
      while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
      String number = text.substring(start, at);
      if (number.matches(".*[.eE].*")) return Double.valueOf(number);
      BigInteger whole = new BigInteger(number);
      if (whole.bitLength() < 32) return whole.intValue();
      if (whole.bitLength() < 64) return whole.longValue();
      return whole;
    }
  }
}
