package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.internal.text.NearNames;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What options are when the command line does not say: the environment, then the file. */
public final class Settings implements IDefaultValueProvider {
  /** Read by the launcher, not by us. */
  private static final String JAVA_OPTS = Setting.ENVIRONMENT_PREFIX + "JAVA_OPTS";

  private static final Set<String> OF_PROTECTION =
      Set.of(
          Setting.ENCRYPT_TO.variable(),
          Setting.RECIPIENTS_FILE.variable(),
          Setting.SIGN_KEY.variable(),
          Setting.REQUIRE_SIGNATURE.variable());

  /**
   * A value and the place that it comes from.
   *
   * @param origin for messages
   */
  public record Value(String text, String origin) {}

  private final Map<Setting, Value> values;
  private final Map<TargetSetting, Value> ofTargets;
  private final Map<String, Map<Setting, Value>> rules;

  /** Nothing is set. */
  public static final Settings NONE = new Settings(Map.of(), Map.of(), Map.of());

  /**
   * Creates settings.
   *
   * @param ofTargets of all targets of a scheme
   * @param rules what single targets keep, by their locations
   */
  Settings(
      Map<Setting, Value> values,
      Map<TargetSetting, Value> ofTargets,
      Map<String, Map<Setting, Value>> rules) {
    this.values = values;
    this.ofTargets = ofTargets;
    this.rules = rules;
  }

  public static Settings of(Map<String, String> environment) {
    Map<Setting, Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      value(environment, setting.variable(), setting.type())
          .ifPresent(value -> values.put(setting, value));
    }
    Map<TargetSetting, Value> ofTargets = new LinkedHashMap<>();
    // Looking for plug-ins takes time, so only when there is a variable that may be meant for one.
    if (!unclaimedVariables(environment).isEmpty()) {
      for (TargetSetting setting : TargetSetting.all()) {
        value(environment, setting.variable(), setting.type())
            .ifPresent(value -> ofTargets.put(setting, value));
      }
    }
    return new Settings(values, ofTargets, Map.of());
  }

  /** An empty variable is as none, but for what would turn a protection off. */
  private static Optional<Value> value(
      Map<String, String> environment, String variable, Setting.Type type) {
    return Optional.ofNullable(environment.get(variable))
        .filter(text -> !text.isEmpty() || OF_PROTECTION.contains(variable))
        .map(text -> new Value(type.expand(text), variable));
  }

  /** Variables that look like ours and are not, such as one with a slip in its name. */
  public static List<String> unknownVariables(Map<String, String> environment) {
    Set<String> unknown = unclaimedVariables(environment);
    if (!unknown.isEmpty()) {
      TargetSetting.all().stream().map(TargetSetting::variable).forEach(unknown::remove);
    }
    return List.copyOf(unknown);
  }

  /** What a person may have meant by that variable, as the end of a message. */
  public static String suggestion(String unknown) {
    List<String> near = nearVariables(unknown);
    return near.isEmpty() ? "" : ". Did you mean " + String.join(" or ", near) + "?";
  }

  /** Known variables with nearly that name, nearest first. */
  private static List<String> nearVariables(String unknown) {
    List<String> names =
        Stream.concat(
                Arrays.stream(Setting.values()).map(Setting::variable),
                TargetSetting.all().stream().map(TargetSetting::variable))
            .map(variable -> variable.substring(Setting.ENVIRONMENT_PREFIX.length()))
            .toList();
    String wanted = unknown.substring(Setting.ENVIRONMENT_PREFIX.length());
    return NearNames.of(wanted, names).stream().map(Setting.ENVIRONMENT_PREFIX::concat).toList();
  }

  private static Set<String> unclaimedVariables(Map<String, String> environment) {
    Set<String> unknown = new TreeSet<>(environment.keySet());
    unknown.removeIf(name -> !name.startsWith(Setting.ENVIRONMENT_PREFIX));
    unknown.remove(JAVA_OPTS);
    Arrays.stream(Setting.values()).map(Setting::variable).forEach(unknown::remove);
    return unknown;
  }

  /** The same with the values of the file where there is none yet. */
  public Settings orElse(Settings file) {
    Map<Setting, Value> merged = new EnumMap<>(Setting.class);
    merged.putAll(file.values);
    merged.putAll(values);
    Map<TargetSetting, Value> mergedOfTargets = new LinkedHashMap<>(file.ofTargets);
    mergedOfTargets.putAll(ofTargets);
    return new Settings(merged, mergedOfTargets, file.rules);
  }

  /** What is set for targets of any scheme, by the names in a settings file. */
  public Map<String, Value> ofTargets() {
    Map<String, Value> all = new TreeMap<>();
    ofTargets.forEach((setting, value) -> all.put(setting.key(), value));
    return all;
  }

  /** What single targets keep, by their locations. */
  public Map<String, Map<Setting, Value>> rules() {
    return rules;
  }

  /** What is set for targets of the scheme, by the names of the options. */
  Map<String, Value> ofTargets(String scheme) {
    Map<String, Value> options = new TreeMap<>();
    ofTargets.forEach(
        (setting, value) -> {
          if (setting.scheme().equals(scheme)) {
            options.put(setting.option(), value);
          }
        });
    return options;
  }

  /** What the target there keeps, where something is set for it alone. */
  Map<Setting, Value> rulesOf(String location) {
    return rules.entrySet().stream()
        .filter(entry -> absolute(entry.getKey()).equals(absolute(location)))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Map.of());
  }

  private static String absolute(String location) {
    return SettingsFile.hasScheme(location)
        ? location
        : Path.of(location).toAbsolutePath().normalize().toString();
  }

  /** The value of a setting that no option has. */
  public Optional<Value> of(Setting setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /** Where the value of the option comes from, when it is not the command line. */
  public Optional<String> origin(@Nullable ArgSpec argument) {
    return value(argument).map(Value::origin);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return value(argument).map(Value::text).orElse(null);
  }

  private Optional<Value> value(@Nullable ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? Setting.ofOption(option.longestName()).map(values::get)
        : Optional.empty();
  }
}
