package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The smallest source there can be: one text file that ends in the word {@code end}, so that half
 * of it is known to be damaged.
 */
final class NoteSource implements BackupSource {
  private static final String NAME = "note.txt";

  private final Path note;

  NoteSource(Path note) {
    this.note = note;
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    text(context);
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    String text = text(context);
    return new TextCapture(NAME, text, facts(text), context);
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    String text = checked(files, context);
    Path staging = Files.createDirectory(staging(restoreId));
    Files.writeString(staging.resolve("new"), text);
    return new OneFileRestoration(note, staging);
  }

  @Override
  public Optional<Restoration> resume(String restoreId) {
    Path staging = staging(restoreId);
    return Files.isDirectory(staging)
        ? Optional.of(new OneFileRestoration(note, staging))
        : Optional.empty();
  }

  private Path staging(String restoreId) {
    return note.resolveSibling("." + restoreId);
  }

  private String text(RunContext context) throws IOException {
    context.cancellation().check();
    try {
      return Files.readString(note);
    } catch (NoSuchFileException e) {
      throw Kind.NOT_FOUND.failure("read", note.toString(), "does not exist", e);
    }
  }

  static String checked(BackupFiles files, RunContext context) throws IOException {
    context.cancellation().check();
    try (InputStream in = files.open(NAME)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (!text.endsWith("end")) {
        throw Kind.CORRUPT.failure("check", NAME, "has no end");
      }
      return text;
    }
  }

  static Facts facts(String text) {
    return new Facts(Map.of("characters", text.length()));
  }
}
