package dev.openmemory.backup.source.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.config.ConfigCapture;
import dev.openmemory.backup.internal.config.ConfigDocument;
import dev.openmemory.backup.internal.config.EnvironmentFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.internal.swap.SingleFileSource;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.spi.optional.ReportsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One configuration file. */
record ConfigSource(Path path) implements SingleFileSource, ReportsEnvironment, ReportsSettings {
  static final String COMPONENT = Component.CONFIG;

  @Override
  public void preflight(RunContext context) throws IOException {
    read(context);
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    return ConfigCapture.of(read(context), path.toString(), namesInEnvironment(context), context);
  }

  private byte[] read(RunContext context) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw Kind.INVALID.failure("read configuration", path.toString(), "is not a regular file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        return ConfigDocument.read(in, path.toString(), Kind.UNSUPPORTED, context.cancellation());
      }
    } catch (IOException e) {
      throw FileFailure.of("read configuration", path, e);
    }
  }

  private Map<String, Object> namesInEnvironment(RunContext context) throws IOException {
    Path file = path.resolveSibling(".env");
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    Environment environment;
    try {
      environment = read(file);
    } catch (BackupException e) {
      e.throwIfCancelled();
      // The names only help a migration; they are not worth a backup.
      context
          .warnings()
          .accept(
              new Warning(
                  "env-unreadable",
                  file
                      + " cannot be read; the backup does not contain the names of its variables"));
      return Map.of();
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    Set<String> names = new TreeSet<>(environment.filled());
    names.addAll(environment.empty());
    if (!names.isEmpty()) {
      facts.put("envKeys", List.copyOf(names));
    }
    if (!environment.empty().isEmpty()) {
      facts.put("emptyEnvKeys", List.copyOf(new TreeSet<>(environment.empty())));
    }
    return facts;
  }

  private static Environment read(Path file) throws IOException {
    EnvironmentFile read = EnvironmentFile.read(file);
    Environment environment = Environment.of(file.toString(), read.values());
    return read.made().contains(Environment.USER) ? environment.withoutUser() : environment;
  }

  /** Where the folder of the configuration is, there is an OpenMemory, be it one without file. */
  @Override
  public Optional<Environment> environment() throws IOException {
    if (!Files.isDirectory(path.resolveSibling("."))) {
      return Optional.empty();
    }
    Path file = path.resolveSibling(".env");
    return Optional.of(
        Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            ? read(file)
            : Environment.of(file.toString(), Map.of()));
  }

  @Override
  public Facts settings(RunContext context) throws IOException {
    return ConfigDocument.parse(read(context)).facts();
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    byte[] bytes = ConfigDocument.fetch(files, context);
    Destination destination = Destination.of(path);
    return Undo.closingOnFailure(
        Swap.ofEntries(destination.directory(), restoreId, COMPONENT, names(destination)),
        swap -> {
          Path staged = swap.staging().resolve(destination.name());
          Destination.copy(new ByteArrayInputStream(bytes), staged, context.cancellation());
          destination.adopt(staged, context.warnings());
          return swap;
        });
  }

  @Override
  public String component() {
    return COMPONENT;
  }

  @Override
  public List<String> names(Destination destination) {
    return List.of(destination.name());
  }

  @Override
  public boolean mayBeAbsent() {
    return true;
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    Destination destination = Destination.of(path);
    List<String> names = names(destination);
    return kept(keptBy).isPresent()
        ? Swap.ofKept(destination.directory(), restoreId, COMPONENT, names, keptBy)
        : Swap.ofEntries(destination.directory(), restoreId, COMPONENT, names);
  }
}
