package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.Settings.Value;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.text.NearNames;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON that a webhook gets: all facts of a notice, or a template of the user with names in
 * braces. A value can only be part of a text in the template, and is escaped for it.
 */
final class WebhookBody {
  /** All facts. */
  static final WebhookBody STANDARD = new WebhookBody("");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z-]*)}");
  private static final List<String> NAMES =
      List.of("event", "title", "text", "name", "host", "home", "error", "advice", "last-success");

  private final String template;

  private WebhookBody(String template) {
    this.template = template;
  }

  /**
   * Checks that the template is a JSON object whatever the values are.
   *
   * @throws BackupException of kind {@code INVALID} when it is not, or has an unknown placeholder
   */
  static WebhookBody of(Value template) throws BackupException {
    Optional<String> unknown =
        PLACEHOLDER
            .matcher(template.text())
            .results()
            .map(found -> found.group(1))
            .filter(name -> !NAMES.contains(name))
            .findFirst();
    if (unknown.isPresent()) {
      throw invalid(
          template, "unknown placeholder {" + unknown.get() + "}; " + known(unknown.get()));
    }
    WebhookBody body = new WebhookBody(template.text());
    try {
      JsonObject.parse(body.filled(name -> "x").getBytes(StandardCharsets.UTF_8), "");
      return body;
    } catch (BackupException e) {
      throw invalid(template, "not a JSON object, or a placeholder is outside quotation marks");
    }
  }

  private static String known(String unknown) {
    List<String> near = NearNames.of(unknown, NAMES);
    return near.isEmpty()
        ? "known are " + String.join(", ", NAMES)
        : "did you mean " + String.join(" or ", near) + "?";
  }

  private static BackupException invalid(Value template, String what) {
    return SecretSettings.invalid(template, Setting.NOTIFY_WEBHOOK_BODY.key() + ": " + what);
  }

  String text(Notice notice) {
    if (template.isEmpty()) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("event", notice.occasion().text());
      all.put("title", notice.title());
      all.put("text", notice.text());
      all.putAll(notice.facts());
      return Json.line(all);
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("event", notice.occasion().text());
    values.put("title", notice.title());
    values.put("text", notice.text());
    notice.facts().forEach((name, value) -> values.put(hyphenated(name), value.toString()));
    return filled(name -> values.getOrDefault(name, ""));
  }

  /** A value that is not known is empty. */
  private String filled(UnaryOperator<String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(
            found -> {
              String quoted = Json.line(values.apply(found.group(1)));
              return Matcher.quoteReplacement(quoted.substring(1, quoted.length() - 1));
            });
  }

  private static String hyphenated(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
