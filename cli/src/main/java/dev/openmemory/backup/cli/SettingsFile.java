package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
final class SettingsFile {
  static final String NAME = "openmemory-backup.yaml";

  private static final Pattern WITH_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private final Path file;

  private SettingsFile(Path file) {
    this.file = file;
  }

  /** The settings of the file that was asked for, or of the one in the home if there is one. */
  static Map<Setting, Settings.Value> read(CommonOptions options) throws BackupException {
    Path inHome = options.absoluteHome().resolve(NAME);
    if (options.config != null) {
      return new SettingsFile(options.config.toAbsolutePath().normalize()).read();
    }
    return Files.exists(inHome) ? new SettingsFile(inHome).read() : Map.of();
  }

  private Map<Setting, Settings.Value> read() throws BackupException {
    Map<Setting, Settings.Value> values = new EnumMap<>(Setting.class);
    Optional<Node> root = parse();
    if (root.isEmpty()) {
      return values;
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      throw invalid(root.get(), "is not 'name: value' pairs");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Setting setting = setting(tuple.getKeyNode());
      Settings.Value value =
          new Settings.Value(value(setting, tuple.getValueNode()), place(tuple.getKeyNode()));
      if (values.put(setting, value) != null) {
        throw invalid(tuple.getKeyNode(), "sets '" + setting.key() + "' a second time");
      }
    }
    return values;
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

  private Setting setting(Node key) throws BackupException {
    String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
    Optional<Setting> setting = Setting.ofKey(name).filter(s -> s != Setting.CONFIG);
    if (setting.isEmpty()) {
      List<String> known =
          Arrays.stream(Setting.values())
              .filter(s -> s != Setting.CONFIG)
              .map(Setting::key)
              .toList();
      throw invalid(key, "unknown setting '" + name + "'; known are " + String.join(", ", known));
    }
    return setting.get();
  }

  private String value(Setting setting, Node node) throws BackupException {
    if (setting == Setting.ONLY && node instanceof SequenceNode list) {
      List<String> items = new ArrayList<>();
      for (Node item : list.getValue()) {
        items.add(scalar(setting, item));
      }
      return String.join(",", items);
    }
    String text = scalar(setting, node);
    return switch (setting.type()) {
      case TEXT -> text;
      case PATH -> resolve(text);
      case PATH_OR_URI -> WITH_SCHEME.matcher(text).matches() ? text : resolve(text);
    };
  }

  private String scalar(Setting setting, Node node) throws BackupException {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw invalid(node, "'" + setting.key() + "' needs a single value");
  }

  private String resolve(String path) {
    return file.resolveSibling(path).normalize().toString();
  }

  private String place(Node node) {
    return file + node.getStartMark().map(m -> " line " + (m.getLine() + 1)).orElse("");
  }

  private BackupException invalid(Node node, String what) {
    return invalid(place(node), what);
  }

  private static BackupException invalid(String place, String what) {
    return new BackupException(Kind.INVALID, "settings", place, what);
  }
}
