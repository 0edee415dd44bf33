package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Writers;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Writers that are files in a directory, each with its state as text. What is done to them and
 * beside them is in one log, in order; files with a dot in their names are switches that make
 * something fail.
 */
public record FileWriters(Path directory) {
  public static final String RUNNING = "running";
  public static final String PAUSED = "paused";
  public static final String STOPPED = "stopped";

  /** Content of a switch: the failure is a mere {@link IOException}. */
  public static final String RAW = "raw";

  /** Content of a switch: the failure is an {@link UncheckedIOException}. */
  public static final String UNCHECKED = "unchecked";

  private static final String LOG = ".log";

  public Writers asWriters() {
    return new Writers("files", Map.of("path", directory.toString()));
  }

  public List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.indexOf('.') < 0)
          .sorted()
          .toList();
    }
  }

  public boolean exists(String name) {
    return Files.exists(directory.resolve(name));
  }

  public String state(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  /** A kill leaves the old state or the new one. */
  public void set(String name, String state) throws IOException {
    Path temporary = directory.resolve(name + ".tmp");
    write(temporary, state, false);
    Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  public void remove(String name) throws IOException {
    Files.delete(directory.resolve(name));
  }

  public Map<String, String> states() throws IOException {
    Map<String, String> states = new TreeMap<>();
    for (String name : names()) {
      states.put(name, state(name));
    }
    return states;
  }

  public void log(String line) throws IOException {
    write(directory.resolve(LOG), line + "\n", true);
  }

  /** Notes what happened and in which states the writers are meanwhile. */
  public void logWithStates(String event) throws IOException {
    log(event + ": " + String.join("/", new TreeSet<>(states().values())));
  }

  public List<String> logged() throws IOException {
    Path log = directory.resolve(LOG);
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  public void forgetLog() throws IOException {
    Files.deleteIfExists(directory.resolve(LOG));
  }

  public void turnOn(String switchName) throws IOException {
    Files.createFile(directory.resolve(switchName));
  }

  public void turnOff(String switchName) throws IOException {
    Files.delete(directory.resolve(switchName));
  }

  public boolean isOn(String switchName) {
    return Files.exists(directory.resolve(switchName));
  }

  /** Like a plug-in that knows no kinds. */
  public void turnOn(String switchName, String failure) throws IOException {
    write(directory.resolve(switchName), failure, false);
  }

  public void failWhenOn(String switchName, Kind kind) throws IOException {
    if (isOn(switchName)) {
      switch (state(switchName)) {
        case RAW -> throw new IOException(switchName + " is on");
        case UNCHECKED -> throw new UncheckedIOException(new IOException(switchName + " is on"));
        default -> throw new BackupException(kind, "test", switchName, "is on");
      }
    }
  }

  /** Blocks until the process is ended, when the switch is on. */
  public void blockWhenOn(String switchName) throws IOException {
    if (isOn(switchName)) {
      try {
        boolean ended = new CountDownLatch(1).await(5, TimeUnit.MINUTES);
        throw new IOException(switchName + " was waited for " + (ended ? "" : "in vain"));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BackupException(Kind.CANCELLED, "test", switchName, "interrupted", e);
      }
    }
  }

  /** Not through a channel, which an interrupt closes. */
  private static void write(Path file, String text, boolean append) throws IOException {
    try (OutputStream out = new FileOutputStream(file.toFile(), append)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
