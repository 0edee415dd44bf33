package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The smallest source there can be: one text file whose last word is {@code end}, so that half of
 * it is known to be damaged.
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
    return new NoteCapture(text, context);
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    String text = checked(files, context);
    Path staging = Files.createDirectory(staging(restoreId));
    Files.writeString(staging.resolve("new"), text);
    return new NoteRestoration(note, staging);
  }

  @Override
  public Optional<Restoration> resume(String restoreId) {
    Path staging = staging(restoreId);
    return Files.isDirectory(staging)
        ? Optional.of(new NoteRestoration(note, staging))
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

  private record NoteCapture(String text, RunContext context) implements Capture, Content {
    @Override
    public List<CapturedFile> files() {
      return List.of(new CapturedFile(NAME, "text/plain", true, this));
    }

    @Override
    public Facts facts() {
      return NoteSource.facts(text);
    }

    @Override
    public boolean detached() {
      return true;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      context.cancellation().check();
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean repeatable() {
      return true;
    }

    @Override
    public void close() {}
  }

  /**
   * In its folder: {@code new}, what is staged; {@code old}, the note from before, or {@code
   * absent} when there was none.
   */
  private record NoteRestoration(Path note, Path staging) implements Restoration {
    @Override
    public void apply() throws IOException {
      if (Files.exists(note)) {
        Files.move(note, old());
      } else {
        Files.createFile(absent());
      }
      Files.move(staging.resolve("new"), note);
    }

    @Override
    public Optional<Path> commit(boolean discardPrevious) throws IOException {
      Files.deleteIfExists(absent());
      if (discardPrevious || !Files.exists(old())) {
        Files.deleteIfExists(old());
        return Optional.empty();
      }
      return Optional.of(Files.move(old(), note.resolveSibling("note.txt.before")));
    }

    @Override
    public void rollback() throws IOException {
      if (Files.exists(old())) {
        Files.move(old(), note, StandardCopyOption.REPLACE_EXISTING);
      } else if (Files.exists(absent())) {
        Files.deleteIfExists(note);
        Files.delete(absent());
      }
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(staging.resolve("new"));
      if (!Files.exists(old()) && !Files.exists(absent())) {
        Files.deleteIfExists(staging);
      }
    }

    private Path old() {
      return staging.resolve("old");
    }

    private Path absent() {
      return staging.resolve("absent");
    }
  }
}
