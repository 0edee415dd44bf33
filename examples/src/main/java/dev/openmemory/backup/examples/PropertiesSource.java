package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.ReportsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The settings of a server that keeps them as properties: the embedder, and the variables that they
 * name.
 */
record PropertiesSource(Path file) implements BackupSource, ReportsSettings {
  private static final String NAME = "server.properties";

  @Override
  public void preflight(RunContext context) throws IOException {
    facts(text(context));
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    String text = text(context);
    return new TextCapture(NAME, text, facts(text), context);
  }

  @Override
  public Facts settings(RunContext context) throws IOException {
    return facts(text(context));
  }

  private String text(RunContext context) throws IOException {
    context.cancellation().check();
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw Kind.NOT_FOUND.failure("read settings", file.toString(), "does not exist", e);
    }
  }

  /** Named as those of {@code config.json}, so that they can be compared. */
  static Facts facts(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    String provider = properties.getProperty("embedder.provider");
    String model = properties.getProperty("embedder.model");
    if (provider == null || model == null) {
      throw Kind.CORRUPT.failure("read settings", NAME, "names no embedder");
    }
    Map<String, String> embedder = Map.of("provider", provider, "model", model);
    List<String> references =
        properties.values().stream()
            .map(String::valueOf)
            .filter(value -> value.startsWith("env:"))
            .map(value -> value.substring("env:".length()))
            .sorted()
            .toList();
    return new Facts(
        Map.of("providers", Map.of("embedder", embedder), "envReferences", references));
  }

  static String stored(BackupFiles files, RunContext context) throws IOException {
    context.cancellation().check();
    try (InputStream in = files.open(NAME)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    String text = stored(files, context);
    facts(text);
    Path staging = Files.createDirectory(staging(restoreId));
    Files.writeString(staging.resolve("new"), text);
    return new OneFileRestoration(file, staging);
  }

  @Override
  public Optional<Restoration> resume(String restoreId) {
    Path staging = staging(restoreId);
    return Files.isDirectory(staging)
        ? Optional.of(new OneFileRestoration(file, staging))
        : Optional.empty();
  }

  private Path staging(String restoreId) {
    return file.resolveSibling("." + restoreId + "-config");
  }
}
