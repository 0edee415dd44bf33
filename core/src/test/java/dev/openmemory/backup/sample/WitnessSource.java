package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.internal.swap.Swap;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A source of one file that notes the states of the writers at each of its steps. */
public record WitnessSource(
    String component, Path directory, FileWriters writers, boolean isDetached)
    implements BackupSource, KeepsPrevious {
  public static final String DATA = "data";

  public static String fileName(String component) {
    return component + ".bin";
  }

  @Override
  public void preflight(RunContext context) throws IOException {
    if (!Files.isRegularFile(data())) {
      throw new BackupException(Kind.NOT_FOUND, "look", data().toString(), "does not exist");
    }
  }

  @Override
  public long plainBytes() throws IOException {
    Path plainBytes = writers.directory().resolve(component + ".plain-bytes");
    return Files.exists(plainBytes) ? Long.parseLong(Files.readString(plainBytes)) : 0;
  }

  @Override
  public Capture capture(RunContext context) throws IOException {
    writers.logWithStates("capture " + component);
    context.cancellation().check();
    writers.blockWhenOn(component + ".blocks-capture");
    writers.failWhenOn(component + ".refuses-capture", Kind.CORRUPT);
    if (!isDetached) {
      return new WitnessCapture(this, data(), context);
    }
    Path copy = context.scratch().resolve("copy-of-" + component);
    return new WitnessCapture(this, Files.copy(data(), copy), context);
  }

  @Override
  public Restoration prepare(String restoreId, BackupFiles files, RunContext context)
      throws IOException {
    Swap swap = Swap.ofEntries(directory, restoreId, component, List.of(DATA));
    try (InputStream in = files.open(fileName(component))) {
      Destination.copy(in, swap.staging().resolve(DATA), context.cancellation());
    }
    return new WitnessRestoration(component, data(), swap, writers);
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return Swap.resume(directory, restoreId, component)
        .map(swap -> new WitnessRestoration(component, data(), swap, writers));
  }

  @Override
  public String place() {
    return data().toString();
  }

  @Override
  public Optional<Path> kept(String restoreId) {
    return PreviousFolders.in(directory).find(restoreId, component);
  }

  @Override
  public Restoration prepareKept(String restoreId, String keptBy, Facts stated, RunContext context)
      throws IOException {
    Swap swap = Swap.ofKept(directory, restoreId, component, List.of(DATA), keptBy);
    return new WitnessRestoration(component, data(), swap, writers);
  }

  @Override
  public List<PreviousFolders> previous() {
    return List.of(PreviousFolders.in(directory));
  }

  private Path data() {
    return directory.resolve(DATA);
  }

  private record WitnessCapture(WitnessSource source, Path data, RunContext context)
      implements Capture, Content {
    @Override
    public List<CapturedFile> files() {
      String name = fileName(source.component);
      return List.of(new CapturedFile(name, "application/octet-stream", true, this));
    }

    @Override
    public Facts facts() {
      return new Facts(Map.of("bytes", data.toFile().length()));
    }

    @Override
    public void check() throws IOException {
      source.writers.failWhenOn(source.component + ".refuses-check", Kind.CORRUPT);
      if (source.isDetached) {
        source.writers.logWithStates("check " + source.component);
      }
    }

    @Override
    public boolean detached() {
      return source.isDetached;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      source.writers.logWithStates("read " + source.component);
      byte[] bytes = Files.readAllBytes(data);
      context.cancellation().check();
      out.write(Arrays.copyOf(bytes, bytes.length / 2));
      source.writers.failWhenOn(source.component + ".refuses-read", Kind.CORRUPT);
      out.write(Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length));
    }

    @Override
    public OptionalLong sizeHint() {
      boolean huge = source.writers.isOn(source.component + ".looks-huge");
      return OptionalLong.of(huge ? Long.MAX_VALUE : data.toFile().length());
    }

    @Override
    public void close() throws IOException {
      source.writers.failWhenOn(source.component + ".refuses-close", Kind.UNAVAILABLE);
    }
  }
}
