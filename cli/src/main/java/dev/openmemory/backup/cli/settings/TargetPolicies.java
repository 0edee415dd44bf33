package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.prune.RetentionPolicy;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** What each target keeps: by rules of its own in the settings file, or else by the common ones. */
public final class TargetPolicies {
  private final RetentionPolicy common;
  private final Map<String, RetentionPolicy> own;

  private TargetPolicies(RetentionPolicy common, Map<String, RetentionPolicy> own) {
    this.common = common;
    this.own = own;
  }

  /**
   * Those of these targets.
   *
   * @param options the common ones
   * @throws BackupException of kind {@code INVALID} when any of them makes no sense
   */
  public static TargetPolicies of(Session session, List<String> locations, RetentionOptions options)
      throws BackupException {
    ZoneId zone = session.host().clock().getZone();
    Map<String, RetentionPolicy> own = new HashMap<>();
    for (String location : locations) {
      Map<Setting, Settings.Value> rules = session.rulesOf(location);
      if (!rules.isEmpty()) {
        own.put(location, parse(rules).policy(zone));
      }
    }
    return new TargetPolicies(options.policy(zone), own);
  }

  public RetentionPolicy of(String location) {
    return own.getOrDefault(location, common);
  }

  private static RetentionOptions parse(Map<Setting, Settings.Value> rules) throws BackupException {
    RetentionOptions options = new RetentionOptions();
    CommandLine line = new CommandLine(options);
    String[] arguments =
        rules.entrySet().stream()
            .map(rule -> rule.getKey().option() + "=" + rule.getValue().text())
            .toArray(String[]::new);
    try {
      line.parseArgs(arguments);
    } catch (ParameterException e) {
      throw Kind.INVALID.failure(
          "settings", origin(e.getArgSpec(), rules), String.valueOf(e.getMessage()), e);
    }
    return options;
  }

  /** Of the rule that is wrong; of the first if that is not known. */
  private static String origin(@Nullable ArgSpec wrong, Map<Setting, Settings.Value> rules) {
    return rules.entrySet().stream()
        .filter(rule -> wrong instanceof OptionSpec option && isOf(option, rule.getKey()))
        .findFirst()
        .orElseGet(() -> rules.entrySet().iterator().next())
        .getValue()
        .origin();
  }

  private static boolean isOf(OptionSpec option, Setting setting) {
    return List.of(option.names()).contains(setting.option());
  }
}
