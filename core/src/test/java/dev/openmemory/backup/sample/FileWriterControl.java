package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds {@link FileWriters}. */
public final class FileWriterControl implements WriterControl, ReportsVersion {
  private final FileWriters writers;

  public FileWriterControl(FileWriters writers) {
    this.writers = writers;
  }

  @Override
  public List<Writer> running() throws IOException {
    List<Writer> running = new ArrayList<>();
    for (String name : writers.names()) {
      if (writers.state(name).equals(FileWriters.RUNNING)) {
        running.add(new Writer(id(name), name));
      }
    }
    return running;
  }

  /** Another one once there is a file {@code <name>.anew}, as of a container that was made anew. */
  private String id(String name) {
    return (writers.isOn(name + ".anew") ? "new-id-of-" : "id-of-") + name;
  }

  /** All data, or only that of the part that the file {@code <name>.uses} names. */
  @Override
  public boolean uses(Writer writer, String component) {
    try {
      return !writers.isOn(writer.name() + ".uses")
          || writers.state(writer.name() + ".uses").equals(component);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Noted for the writers that report something. */
  @Override
  public void prepare(List<Writer> all, Cancellation cancellation) throws IOException {
    for (Writer writer : all) {
      if (writers.isOn(writer.name() + ".points")) {
        writers.logWithStates("prepare " + writer.name());
      }
    }
  }

  /**
   * The number in the file {@code <name>.points}, as that of the part {@code live}; that in {@code
   * <name>.counts} as the points of both parts.
   */
  @Override
  public Map<String, Facts> observe(Writer writer, Cancellation cancellation) throws IOException {
    if (writers.isOn(writer.name() + ".version")) {
      String version = writers.state(writer.name() + ".version");
      return Map.of("vectors", new Facts(Map.of("qdrantVersion", version)));
    }
    Path counts = writers.directory().resolve(writer.name() + ".counts");
    if (Files.exists(counts)) {
      long points = Long.parseLong(Files.readString(counts));
      Facts both = new Facts(Map.of("points", Map.of(WitnessSource.DATA, points)));
      return Map.of("live", both, "detached", both);
    }
    Path points = writers.directory().resolve(writer.name() + ".points");
    if (!Files.exists(points)) {
      return Map.of();
    }
    writers.logWithStates("observe " + writer.name());
    long observed = Long.parseLong(Files.readString(points));
    return Map.of("live", new Facts(Map.of("observed", observed, "bytes", -1L)));
  }

  /** Of the first file {@code <name>.version}. */
  @Override
  public Optional<String> storeVersion(Cancellation cancellation) throws IOException {
    for (String name : writers.names()) {
      if (writers.isOn(name + ".version")) {
        return Optional.of(writers.state(name + ".version"));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<String> storeLocation() {
    return Optional.of("container store");
  }

  @Override
  public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException {
    writers.log(how.text() + " " + writer.name());
    requirePresent(writer);
    writers.failWhenOn(writer.name() + ".refuses-hold", Kind.DENIED);
    if (how == Quiesce.PAUSE && writers.state(writer.name()).equals(FileWriters.STOPPED)) {
      throw new BackupException(Kind.UNSUPPORTED, "pause", writer.name(), "is stopped");
    }
    writers.set(writer.name(), how == Quiesce.PAUSE ? FileWriters.PAUSED : FileWriters.STOPPED);
  }

  @Override
  public void resume(Writer writer) throws IOException {
    writers.log("resume " + writer.name());
    requirePresent(writer);
    writers.failWhenOn(writer.name() + ".refuses-resume", Kind.UNAVAILABLE);
    if (writers.isOn(writer.name() + ".breaks-resume")) {
      throw new IllegalStateException("a plug-in with a mistake");
    }
    writers.set(writer.name(), FileWriters.RUNNING);
  }

  @Override
  public void awaitReady(List<Writer> resumed, Cancellation cancellation) throws IOException {
    writers.logWithStates("await ready");
    writers.failWhenOn("all.not-ready", Kind.TIMEOUT);
  }

  @Override
  public void requireRestartable(List<Writer> all) throws IOException {
    for (Writer writer : all) {
      writers.failWhenOn(writer.name() + ".ends-for-good", Kind.UNSUPPORTED);
    }
  }

  @Override
  public void keepRunning(List<Writer> resumed) throws IOException {
    writers.logWithStates("keep running");
    writers.failWhenOn("all.end-again", Kind.FAILED);
  }

  @Override
  public void close() throws IOException {
    writers.log("close control");
  }

  private void requirePresent(Writer writer) throws BackupException {
    if (!writers.exists(writer.name()) || !writer.id().equals(id(writer.name()))) {
      throw new BackupException(Kind.NOT_FOUND, "find writer", writer.name(), "was removed");
    }
  }
}
