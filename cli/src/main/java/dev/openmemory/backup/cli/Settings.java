package dev.openmemory.backup.cli;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What options are when the command line does not say: the environment, then the file. */
final class Settings implements IDefaultValueProvider {
  /** Read by the launcher, not by us. */
  private static final String JAVA_OPTS = Setting.ENVIRONMENT_PREFIX + "JAVA_OPTS";

  /**
   * A value and the place that it comes from.
   *
   * @param origin for messages
   */
  record Value(String text, String origin) {}

  private final Map<Setting, Value> values;

  private Settings(Map<Setting, Value> values) {
    this.values = values;
  }

  static Settings of(Map<String, String> environment) {
    Map<Setting, Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String text = environment.get(setting.variable());
      if (text != null && !text.isEmpty()) {
        values.put(setting, new Value(text, setting.variable()));
      }
    }
    return new Settings(values);
  }

  /** Variables that look like ours and are not, such as one with a slip in its name. */
  static List<String> unknownVariables(Map<String, String> environment) {
    TreeSet<String> unknown = new TreeSet<>(environment.keySet());
    unknown.removeIf(name -> !name.startsWith(Setting.ENVIRONMENT_PREFIX));
    unknown.remove(JAVA_OPTS);
    Arrays.stream(Setting.values()).map(Setting::variable).forEach(unknown::remove);
    return List.copyOf(unknown);
  }

  /** The same with the values of the file where there is none yet. */
  Settings orElse(Map<Setting, Value> file) {
    Map<Setting, Value> merged = new EnumMap<>(Setting.class);
    merged.putAll(file);
    merged.putAll(values);
    return new Settings(merged);
  }

  /** Where the value of the option comes from, when it is not the command line. */
  Optional<String> origin(@Nullable ArgSpec argument) {
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
