package dev.openmemory.backup.cli.schedule;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.settings.CommonOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Setting;
import dev.openmemory.backup.cli.settings.SettingsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line that a schedule runs: what was given on this one and what the environment sets
 * now. What the settings file says stays there.
 */
public final class ScheduledArguments {
  private static final Pattern PASSWORD = Pattern.compile("://[^/@]*:[^/@]*@");
  private static final Pattern KEY =
      Pattern.compile("QDRANT_API_KEY|AWS_\\w*(KEY|SECRET|TOKEN)\\w*(?<!_FILE)");

  /** What targets, engines and their libraries read. */
  private static final Pattern READ =
      Pattern.compile(
          "AWS_\\w+|DOCKER_(CERT_PATH|CONFIG|CONTEXT|HOST|TLS_VERIFY)|SSH_AUTH_SOCK"
              + "|XDG_RUNTIME_DIR|(?i:https?_proxy|no_proxy)");

  private final Session session;
  private final Places places;

  /** How paths of this host are called where the schedule runs. */
  interface Places {
    String at(Path path) throws BackupException;

    String target(Path path) throws BackupException;
  }

  /** Where the schedule runs on this host. */
  public static final Places HERE =
      new Places() {
        @Override
        public String at(Path path) {
          return path.toString();
        }

        @Override
        public String target(Path path) {
          return path.toString();
        }
      };

  public ScheduledArguments(Session session, Places places) {
    this.session = session;
    this.places = places;
  }

  /**
   * The arguments of {@code openmemory-backup}.
   *
   * @param ofBackup the options of that command, as they were parsed
   * @param given those of them that are on this command line
   */
  public List<String> list(List<OptionSpec> ofBackup, Collection<OptionSpec> given)
      throws BackupException {
    CommonOptions common = session.options();
    List<String> arguments = new ArrayList<>();
    arguments.add("backup");
    add(arguments, Setting.HOME.option(), places.at(common.absoluteHome()));
    for (String target : targets()) {
      add(arguments, Setting.TARGET.option(), target);
    }
    if (common.config != null) {
      Path config = common.config.toAbsolutePath().normalize();
      add(arguments, Setting.CONFIG.option(), places.at(config));
    }
    for (OptionSpec option : ofBackup) {
      if (given.contains(option) || isSetByEnvironment(option)) {
        add(arguments, option.longestName(), text(option.getValue()));
      }
    }
    arguments.add(Setting.NO_PROGRESS.option());
    return arguments;
  }

  private List<String> targets() throws BackupException {
    List<String> given = session.options().targets;
    String text = String.join("\n", given);
    boolean ofFile =
        session
            .setting(Setting.TARGET)
            .filter(v -> v.text().equals(text) && !v.origin().equals(Setting.TARGET.variable()))
            .isPresent();
    if (given.isEmpty() || ofFile) {
      return List.of();
    }
    List<String> targets = new ArrayList<>();
    for (String target : session.options().targetLocations()) {
      String there =
          SettingsFile.hasScheme(target)
              ? target
              : places.target(Path.of(target).toAbsolutePath().normalize());
      if (targets.contains(there)) {
        throw Kind.INVALID.failure("schedule", there, "would be a target of the backup twice");
      }
      targets.add(there);
    }
    return targets;
  }

  private boolean isSetByEnvironment(OptionSpec option) {
    return Setting.ofOption(option.longestName())
        .map(setting -> session.host().environment().getOrDefault(setting.variable(), ""))
        .filter(value -> !value.isEmpty())
        .isPresent();
  }

  private String text(@Nullable Object value) throws BackupException {
    if (value instanceof Path path) {
      return places.at(path.toAbsolutePath().normalize());
    }
    if (value instanceof Collection<?> several) {
      return several.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value instanceof Enum<?> one
        ? one.name().toLowerCase(Locale.ROOT)
        : String.valueOf(value);
  }

  private static void add(List<String> arguments, String option, String value)
      throws BackupException {
    if (PASSWORD.matcher(value).find()) {
      throw Kind.INVALID.failure(
          "schedule", option, "contains a password, which every user could read");
    }
    arguments.add(option + "=" + value);
  }

  /** What a run needs of the environment. */
  public Map<String, String> environment() {
    Map<String, String> now = session.host().environment();
    Map<String, String> kept = new TreeMap<>();
    kept.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    kept.put("JAVA_HOME", now.getOrDefault("JAVA_HOME", System.getProperty("java.home", "")));
    // Without it Java cannot name a file that is not in ASCII.
    kept.put("LC_ALL", "C.UTF-8");
    now.entrySet().stream()
        .filter(ScheduledArguments::isReadAndNotSecret)
        .forEach(variable -> kept.put(variable.getKey(), variable.getValue()));
    return kept;
  }

  private static boolean isReadAndNotSecret(Map.Entry<String, String> variable) {
    String value = variable.getValue();
    return READ.matcher(variable.getKey()).matches()
        && !KEY.matcher(variable.getKey()).matches()
        && !value.isEmpty()
        && !PASSWORD.matcher(value).find();
  }

  /**
   * Names of variables that are set here and will not be there.
   *
   * @param environment what will be there
   */
  public Collection<String> leftOut(List<OptionSpec> ofBackup, Map<String, String> environment) {
    TreeSet<String> names = new TreeSet<>();
    session
        .host()
        .environment()
        .forEach(
            (name, value) -> {
              boolean read = READ.matcher(name).matches() || KEY.matcher(name).matches();
              if (name.startsWith(Setting.ENVIRONMENT_PREFIX) || (read && !value.isEmpty())) {
                names.add(name);
              }
            });
    names.removeAll(environment.keySet());
    for (OptionSpec option : ofBackup) {
      Setting.ofOption(option.longestName()).map(Setting::variable).ifPresent(names::remove);
    }
    for (Setting setting :
        List.of(Setting.HOME, Setting.TARGET, Setting.CONFIG, Setting.JSON, Setting.NO_PROGRESS)) {
      names.remove(setting.variable());
    }
    return names;
  }
}
