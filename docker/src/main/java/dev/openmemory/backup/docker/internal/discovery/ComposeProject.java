package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The project of a folder as Compose finds it: {@code COMPOSE_PROJECT_NAME} in the environment,
 * then in {@code .env}, then {@code name} in its files, then the name of the folder
 * (https://docs.docker.com/compose/how-tos/project-name/).
 *
 * @param onHost what the engine's host calls the home
 * @param environment of this process
 */
record ComposeProject(Path home, Path onHost, HostFiles files, Map<String, String> environment) {
  private static final String NAME = "COMPOSE_PROJECT_NAME";
  private static final List<String> FILES =
      List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");

  /** A key of the uppermost level stands at the beginning of a line. */
  private static final Pattern NAME_LINE =
      Pattern.compile("(?m)^(?:name|\"name\"|'name')[ \\t]*:[ \\t]+(.+)$");

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{(\\w+)(?::?-([^}]*))?\\}|(\\w+))");
  private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]*");

  /** Whether Compose would find a project here. */
  boolean exists() {
    return FILES.stream().anyMatch(name -> files.exists(home.resolve(name)));
  }

  /**
   * The name.
   *
   * @throws BackupException of kind {@code INVALID} when a file names one that is not valid, as
   *     when it depends on variables that are not set here
   */
  String name() throws BackupException {
    Optional<String> said = variable(NAME);
    String named = said.isPresent() ? said.get() : inFiles().orElseGet(this::ofFolder);
    if (!named.isEmpty() && !VALID.matcher(named).matches()) {
      throw Kind.INVALID.failure(
          ContainerSearch.OPERATION,
          home.toString(),
          "the name of its Compose project, '" + named + "', is not valid; say it with --project");
    }
    return named;
  }

  /** What Compose calls it when nothing else does. */
  String ofFolder() {
    String folder = Objects.requireNonNullElse(onHost.getFileName(), onHost).toString();
    return folder.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "").replaceAll("^[_-]+", "");
  }

  /** Of several files the last one that has a name counts. */
  private Optional<String> inFiles() throws BackupException {
    Optional<String> name = Optional.empty();
    for (Path file : composeFiles()) {
      Optional<String> found = files.text(file).flatMap(ComposeProject::nameIn);
      if (found.isPresent()) {
        name = Optional.of(resolved(found.get()));
      }
    }
    return name.filter(text -> !text.isEmpty());
  }

  private List<Path> composeFiles() throws BackupException {
    Optional<String> listed = variable("COMPOSE_FILE");
    if (listed.isPresent()) {
      String separator = variable("COMPOSE_PATH_SEPARATOR").orElse(":");
      return Arrays.stream(listed.get().split(Pattern.quote(separator), -1))
          .filter(text -> !text.isBlank())
          .map(home::resolve)
          .toList();
    }
    Optional<String> main = FILES.stream().filter(f -> files.exists(home.resolve(f))).findFirst();
    return main.stream()
        .flatMap(f -> List.of(f, f.replaceFirst("(?=\\.ya?ml$)", ".override")).stream())
        .map(home::resolve)
        .toList();
  }

  private static Optional<String> nameIn(String file) {
    Matcher line = NAME_LINE.matcher(file);
    if (!line.find()) {
      return Optional.empty();
    }
    String value = line.group(1).strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    char quote = value.charAt(0);
    int end = quote == '"' || quote == '\'' ? value.indexOf(quote, 1) : -1;
    return Optional.of(
        end > 0 ? value.substring(1, end) : value.replaceFirst("(?:^|\\s)#.*", "").strip());
  }

  private String resolved(String text) throws BackupException {
    Matcher variables = VARIABLE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (variables.find()) {
      MatchResult found = variables.toMatchResult();
      String name = found.group(1) == null ? found.group(3) : found.group(1);
      String value =
          variable(name).orElse(Objects.requireNonNullElse(found.group(2), found.group()));
      variables.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    return variables.appendTail(resolved).toString();
  }

  private Optional<String> variable(String name) throws BackupException {
    String own = environment.getOrDefault(name, "");
    Optional<String> found =
        own.isEmpty()
            ? files.variables(home.resolve(".env")).map(file -> file.values().get(name))
            : Optional.of(own);
    return found.filter(text -> !text.isEmpty());
  }
}
