package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.text.NearNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * {@code openmemory-backup.yaml}: option names without their dashes, and values. Relative paths in
 * it are relative to the folder that the file is in, so that it means the same from everywhere.
 */
public final class SettingsFile {
  static final String NAME = "openmemory-backup.yaml";

  private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private static final String URI_OF_TARGET = "uri";
  private static final Set<Setting> RULES =
      EnumSet.of(
          Setting.KEEP_LAST,
          Setting.KEEP_HOURLY,
          Setting.KEEP_DAILY,
          Setting.KEEP_WEEKLY,
          Setting.KEEP_MONTHLY,
          Setting.KEEP_YEARLY,
          Setting.KEEP_WITHIN,
          Setting.KEEP_TAG,
          Setting.TIME_ZONE);

  private final Path file;
  private final Map<Setting, Settings.Value> values = new EnumMap<>(Setting.class);
  private final Map<TargetSetting, Settings.Value> ofTargets = new LinkedHashMap<>();
  private final Map<String, Map<Setting, Settings.Value>> rules = new LinkedHashMap<>();

  private SettingsFile(Path file) {
    this.file = file;
  }

  /** The file that was asked for, or the one of the home, whether it exists or not. */
  public static Path place(CommonOptions options) {
    return options.config == null
        ? options.absoluteHome().resolve(NAME)
        : options.config.toAbsolutePath().normalize();
  }

  /** The settings of the file that was asked for, or of the one in the home if there is one. */
  public static Settings read(CommonOptions options) throws BackupException {
    List<BackupException> wrong = new ArrayList<>();
    Settings settings = read(options, wrong);
    if (!wrong.isEmpty()) {
      throw wrong.get(0);
    }
    return settings;
  }

  /**
   * The same, also of a file in which something is wrong.
   *
   * @param wrong gets a failure for each of its settings that is left out
   * @throws BackupException of kind {@code INVALID} when none of it can be read
   */
  public static Settings read(CommonOptions options, List<BackupException> wrong)
      throws BackupException {
    Path place = place(options);
    return options.config != null || Files.exists(place)
        ? new SettingsFile(place).read(wrong)
        : Settings.NONE;
  }

  private Settings read(List<BackupException> wrong) throws BackupException {
    for (NodeTuple tuple : tuples()) {
      try {
        read(tuple);
      } catch (BackupException e) {
        wrong.add(e);
      }
    }
    return new Settings(values, ofTargets, rules);
  }

  private void read(NodeTuple tuple) throws BackupException {
    String key = key(tuple.getKeyNode());
    Optional<TargetSetting> ofTarget = TargetSetting.ofKey(key);
    Settings.Value before;
    if (ofTarget.isPresent()) {
      String text = resolve(ofTarget.get().type(), scalar(key, tuple.getValueNode()));
      before = ofTargets.put(ofTarget.get(), value(text, tuple));
    } else {
      Setting setting = setting(tuple.getKeyNode());
      before = values.put(setting, value(text(setting, tuple.getValueNode()), tuple));
    }
    if (before != null) {
      throw invalid(tuple.getKeyNode(), "sets '" + key + "' a second time");
    }
  }

  private Settings.Value value(String text, NodeTuple tuple) {
    return new Settings.Value(text, place(tuple.getKeyNode()));
  }

  private List<NodeTuple> tuples() throws BackupException {
    Optional<Node> root = parse();
    if (root.isEmpty()) {
      return List.of();
    }
    if (root.get() instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    throw invalid(root.get(), "is not 'name: value' pairs");
  }

  private Optional<Node> parse() throws BackupException {
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    try (InputStream in = Files.newInputStream(file)) {
      return new Compose(settings).composeInputStream(in);
    } catch (MarkedYamlEngineException e) {
      // Its message quotes the text, which may hold what was meant for elsewhere.
      String line = e.getProblemMark().map(m -> " line " + (m.getLine() + 1)).orElse("");
      throw invalid(file + line, "is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw invalid(file.toString(), "is not YAML");
    } catch (IOException e) {
      throw invalid(file.toString(), "cannot be read");
    }
  }

  private static String key(Node key) {
    return key instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  private Setting setting(Node key) throws BackupException {
    Optional<Setting> setting = Setting.ofKey(key(key)).filter(s -> s != Setting.CONFIG);
    if (setting.isEmpty()) {
      List<String> near = NearNames.of(key(key), names());
      String known =
          near.isEmpty()
              ? "known are " + String.join(", ", names())
              : "did you mean " + String.join(" or ", near) + "?";
      throw invalid(key, "unknown setting '" + key(key) + "'; " + known);
    }
    return setting.get();
  }

  /** All that can be set in a file. */
  public static List<String> names() {
    return Stream.concat(
            Arrays.stream(Setting.values()).filter(s -> s != Setting.CONFIG).map(Setting::key),
            TargetSetting.all().stream().map(TargetSetting::key))
        .toList();
  }

  private String text(Setting setting, Node node) throws BackupException {
    if (setting == Setting.TARGET && node instanceof SequenceNode list) {
      List<String> locations = new ArrayList<>();
      for (Node item : list.getValue()) {
        locations.add(item instanceof MappingNode target ? withRules(target) : location(item));
      }
      return String.join("\n", locations);
    }
    if (setting.isList() && node instanceof SequenceNode list) {
      List<String> items = new ArrayList<>();
      for (Node item : list.getValue()) {
        items.add(scalar(setting.key(), item));
      }
      return String.join(",", items);
    }
    return resolve(setting.type(), scalar(setting.key(), node));
  }

  private String location(Node node) throws BackupException {
    return resolve(Setting.TARGET.type(), scalar(Setting.TARGET.key(), node));
  }

  /** A target that has more than its location. */
  private String withRules(MappingNode target) throws BackupException {
    Optional<String> location = Optional.empty();
    Map<Setting, Settings.Value> own = new EnumMap<>(Setting.class);
    for (NodeTuple tuple : target.getValue()) {
      Node key = tuple.getKeyNode();
      boolean again;
      if (key(key).equals(URI_OF_TARGET)) {
        again = location.isPresent();
        location = Optional.of(location(tuple.getValueNode()));
      } else {
        Setting rule = rule(key);
        again = own.put(rule, value(text(rule, tuple.getValueNode()), tuple)) != null;
      }
      if (again) {
        throw invalid(key, "sets '" + key(key) + "' a second time");
      }
    }
    if (location.isEmpty()) {
      throw invalid(target, "is a target without its '" + URI_OF_TARGET + "'");
    }
    rules.put(location.get(), own);
    return location.get();
  }

  private Setting rule(Node key) throws BackupException {
    Optional<Setting> rule = Setting.ofKey(key(key)).filter(RULES::contains);
    if (rule.isEmpty()) {
      String known = RULES.stream().map(Setting::key).collect(Collectors.joining(", "));
      throw invalid(
          key, "unknown '" + key(key) + "' of a target; known are " + URI_OF_TARGET + ", " + known);
    }
    return rule.get();
  }

  /** Whether it is a URI rather than a path. */
  public static boolean hasScheme(String target) {
    return WITH_SCHEME.matcher(target).matches();
  }

  private String resolve(Setting.Type type, String text) {
    return switch (type) {
      case TEXT -> text;
      case PATH -> resolve(text);
      case PATH_OR_URI -> hasScheme(text) ? text : resolve(text);
      case FILES ->
          Arrays.stream(text.split(",", -1))
              .map(path -> path.isEmpty() ? path : resolve(path))
              .collect(Collectors.joining(","));
    };
  }

  private String scalar(String key, Node node) throws BackupException {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw invalid(node, "'" + key + "' needs a single value");
  }

  private String resolve(String path) {
    return file.resolveSibling(HomeFolder.expand(path)).normalize().toString();
  }

  private String place(Node node) {
    return file + node.getStartMark().map(m -> " line " + (m.getLine() + 1)).orElse("");
  }

  private BackupException invalid(Node node, String what) {
    return invalid(place(node), what);
  }

  private static BackupException invalid(String place, String what) {
    return Kind.INVALID.failure("settings", place, what);
  }
}
