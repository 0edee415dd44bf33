package dev.openmemory.backup.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.terminal.Host;
import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The schema for editors is what the options say; this test writes it anew below target. */
class SettingsSchemaTest {
  private static final Path SCHEMA =
      Path.of(System.getProperty("openmemory.root"), "docs", "settings.schema.json");
  private static final Map<String, Object> TEXT = Map.of("type", "string");

  @TempDir Path temp;

  @Test
  void thePublishedSchemaHasWhatTheProgramKnows() throws IOException {
    String expected = new String(Json.write(schema()), StandardCharsets.UTF_8);
    Path made = Path.of("target", "settings.schema.json").toAbsolutePath();
    Files.createDirectories(made.getParent());
    Files.writeString(made, expected);
    assertThat(SCHEMA).as("copy %s there", made).hasContent(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"target\": [\"backups\", {\"uri\": \"s3://bucket\", \"keep-daily\": 3}]}",
        "{\"target\": \"backups\", \"keep-last\": 3, \"json\": false, \"only\": [\"database\"]}",
        "{\"compression\": \"none\", \"schedule\": \"0 2 * * *\", \"s3-path-style\": true}",
        "{\"hook-after\": \"true\", \"accept-warnings\": \"literal-key\"}",
        "{\"notify-on\": [\"failure\", \"weekly\"], \"notify-slack-url\": \"https://h.example/x\"}"
      })
  void whatItAllowsTheProgramReads(String settings) throws IOException {
    assertThat(published().validate(settings, InputFormat.JSON)).isEmpty();
    assertThat(check(settings).exitCode()).as(check(settings).text()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"targte\": \"backups\"}",
        "{\"target\": [{\"keep-daily\": 3}]}",
        "{\"keep-last\": \"many\"}",
        "{\"compression\": \"lzma\"}",
        "{\"ping-method\": \"PATCH\"}",
        "{\"config\": \"x\"}"
      })
  void whatItRefusesTheProgramRefuses(String settings) throws IOException {
    assertThat(published().validate(settings, InputFormat.JSON)).isNotEmpty();
    assertThat(check(settings).exitCode()).isEqualTo(2);
  }

  private CommandLineRun check(String settings) throws IOException {
    Files.writeString(temp.resolve("openmemory-backup.yaml"), settings);
    return CommandLineRun.of("config", "check", "--home", temp.toString());
  }

  private static Schema published() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(SCHEMA));
  }

  private static Map<String, Object> schema() {
    CommandLine program =
        RootCommand.commandLine(new Session(Host.ofThisProcess(new Cancellation())));
    CommandSpec run = program.parseArgs("schedule", "run").subcommand().subcommand().commandSpec();
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Setting setting : Setting.values()) {
      OptionSpec option = run.findOption(setting.option());
      properties.put(setting.key(), option == null ? ofHook(setting) : ofOption(setting, option));
    }
    properties.remove(Setting.CONFIG.key());
    properties.put(Setting.TARGET.key(), target(properties));
    for (TargetSetting setting : TargetSetting.all()) {
      properties.put(
          setting.key(),
          described(
              Map.of("type", List.of("string", "number", "boolean")),
              "The option '" + setting.option() + "' of each " + setting.scheme() + ":// target."));
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:openmemory-backup:settings");
    schema.put("title", "Settings of openmemory-backup: openmemory-backup.yaml");
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    schema.put("properties", properties);
    return schema;
  }

  private static Map<String, Object> ofOption(Setting setting, OptionSpec option) {
    String description = String.join(" ", option.description());
    return described(setting.isList() ? oneOrMore(TEXT) : type(option), description);
  }

  private static Map<String, Object> type(OptionSpec option) {
    Class<?> type = option.type();
    if (type == boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == int.class || type == Integer.class) {
      return Map.of("type", "integer");
    }
    return type.isEnum()
        ? Map.of(
            "enum",
            Arrays.stream(type.getEnumConstants())
                .map(value -> value.toString().toLowerCase(Locale.ROOT))
                .toList())
        : TEXT;
  }

  private static Map<String, Object> ofHook(Setting setting) {
    Map<String, Object> type =
        switch (setting) {
          case HOOK_BEFORE_FAILURE, HOOK_AFTER_FAILURE -> Map.of("enum", List.of("fail", "warn"));
          case PING_METHOD -> Map.of("enum", List.of("GET", "POST"));
          case NOTIFY_ON, NOTIFY_EMAIL_TO -> oneOrMore(TEXT);
          case NOTIFY_EMAIL_TLS -> Map.of("enum", List.of("starttls", "tls", "none"));
          default -> TEXT;
        };
    return described(
        type,
        setting.key().startsWith("notify-")
            ? "Messages about backups: docs/cli.md#notifications"
            : "Hooks and pings around a backup: docs/cli.md#what-can-be-set");
  }

  private static Map<String, Object> target(Map<String, Object> properties) {
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("uri", TEXT);
    properties.forEach(
        (name, type) -> {
          if (name.startsWith("keep-") || name.equals(Setting.TIME_ZONE.key())) {
            own.put(name, type);
          }
        });
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("type", "object");
    one.put("required", List.of("uri"));
    one.put("additionalProperties", false);
    one.put("properties", own);
    return described(
        oneOrMore(Map.of("anyOf", List.of(TEXT, one))),
        "Where backups are kept: a directory, s3://bucket/prefix or sftp://user@host/path, or a"
            + " list of them, each with rules of its own for what it keeps.");
  }

  private static Map<String, Object> oneOrMore(Map<String, Object> item) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("type", "array");
    list.put("items", item);
    return Map.of("anyOf", List.of(TEXT, list));
  }

  private static Map<String, Object> described(Map<String, Object> type, String description) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("description", description);
    new TreeMap<>(type).forEach(all::put);
    return all;
  }
}
