package dev.openmemory.backup.source;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.RunContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a run gives to a source, with everything that it says kept. */
public final class SourceFixture {
  public final Cancellation cancellation = new Cancellation();
  public final List<Warning> warnings = new ArrayList<>();
  public final Path scratch;

  public SourceFixture(Path scratch) {
    try {
      this.scratch = Files.createDirectories(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RunContext context() {
    return new RunContext(Clock.systemUTC(), scratch, cancellation, false, warnings::add);
  }

  /** A capture with all its facts. */
  public Capture checked(BackupSource source) throws IOException {
    Capture capture = source.capture(context());
    try {
      capture.check();
      return capture;
    } catch (IOException e) {
      capture.close();
      throw e;
    }
  }

  public static byte[] bytesOf(Capture capture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    capture.files().get(0).content().writeTo(out);
    return out.toByteArray();
  }

  public static BackupFiles files(String name, byte[] bytes) {
    return new BackupFiles() {
      @Override
      public List<String> names() {
        return List.of(name);
      }

      @Override
      public OptionalLong plainSize(String file) {
        return OptionalLong.of(bytes.length);
      }

      @Override
      public InputStream open(String file) {
        if (!file.equals(name)) {
          throw new NoSuchElementException(file);
        }
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /** Every path below the directory with its bytes, so that two states can be compared. */
  public static Map<String, String> contentOf(Path directory) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.toList()) {
        boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        content.put(
            directory.relativize(path).toString(),
            file ? HexFormat.of().formatHex(Files.readAllBytes(path)) : "not a file");
      }
    }
    return content;
  }

  /** Deletes everything below the directory. */
  public static void empty(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(directory)) {
          Files.delete(path);
        }
      }
    }
  }

  public static Path resource(Class<?> beside, String name, Path copy) throws IOException {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new NoSuchElementException(name);
      }
      Files.copy(in, copy);
      return copy;
    }
  }
}
