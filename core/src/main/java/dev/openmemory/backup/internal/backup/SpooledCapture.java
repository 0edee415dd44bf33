package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.archive.SparseOutputStream;
import dev.openmemory.backup.internal.file.FileContent;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A capture with contents in temporary files, so that its writers can continue. */
record SpooledCapture(Capture original, List<CapturedFile> files) implements Capture {

  /** The part of the free space that a copy may take: others need some too. */
  private static final int SHARE = 2;

  /**
   * Copies all contents; zero pages take no room. Empty, with a warning and without any copy, when
   * the temporary folder does not take them.
   */
  static Optional<Capture> of(Run run, String component, Capture original) throws IOException {
    run.enter(Phase.SPOOL, component);
    List<CapturedFile> files = new ArrayList<>();
    List<Path> copies = new ArrayList<>();
    for (CapturedFile file : original.files()) {
      Path copy = run.context().scratch().resolve("spool-" + component + "-" + file.name());
      copies.add(copy);
      Optional<IOException> failure = copy(run, file, copy);
      if (failure.isPresent()) {
        warn(run, component, FileFailure.of("spool", copy, failure.get()));
        for (Path useless : copies) {
          Files.deleteIfExists(useless);
        }
        return Optional.empty();
      }
      FileContent content = FileContent.of(copy, run.context().cancellation());
      files.add(new CapturedFile(file.name(), file.mediaType(), file.compress(), content));
    }
    return Optional.of(new SpooledCapture(original, List.copyOf(files)));
  }

  private static void warn(Run run, String component, BackupException failure)
      throws BackupException {
    failure.throwIfCancelled();
    run.warn(
        new Warning(
            "not-spooled",
            "the temporary folder did not take a copy of the "
                + component
                + " ("
                + failure.fact()
                + "), so the writers were held until the target had them"));
  }

  /** What went wrong with the copy; whatever goes wrong with the original is thrown. */
  private static Optional<IOException> copy(Run run, CapturedFile file, Path copy)
      throws IOException {
    OptionalLong size = file.content().sizeHint();
    run.tell(new BackupEvent.FileStarted(file.name(), size));
    boolean complete = false;
    Observed out = new Observed(run, file.name());
    try (out) {
      out.open(copy);
      file.content().writeTo(out);
      complete = true;
    } catch (IOException e) {
      if (out.failure.isEmpty()) {
        throw e;
      }
    } finally {
      run.tell(new BackupEvent.FileFinished(file.name(), out.bytes, complete));
    }
    return out.failure;
  }

  @Override
  public Facts facts() {
    return original.facts();
  }

  @Override
  public boolean detached() {
    return true;
  }

  /** The temporary files go with the scratch directory of the run. */
  @Override
  public void close() throws IOException {
    original.close();
  }

  /**
   * Knows whether a failure is its own. Does not digest: that would prolong the pause, and
   * publishing does it.
   */
  private static final class Observed extends BlockOutputStream implements WritableByteChannel {
    private final Run run;
    private final ProgressTicker ticker;
    private @Nullable SparseOutputStream out;
    private Optional<IOException> failure = Optional.empty();
    private long bytes;

    Observed(Run run, String file) {
      this.run = run;
      this.ticker = new ProgressTicker(run, file);
    }

    /** The stated size counts holes, of which a small storage mostly consists. */
    void open(Path copy) throws IOException {
      own(
          () -> {
            long room = Files.getFileStore(run.context().scratch()).getUsableSpace() / SHARE;
            out = SparseOutputStream.create(copy, room);
          });
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      write(ByteBuffer.wrap(buffer, offset, length));
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
      run.checkCancelled();
      int length = buffer.remaining();
      SparseOutputStream opened = Objects.requireNonNull(out);
      own(() -> opened.write(buffer));
      bytes += length;
      ticker.at(bytes);
      return length;
    }

    @Override
    public boolean isOpen() {
      return out != null && out.isOpen();
    }

    @Override
    public void close() throws IOException {
      if (out != null) {
        own(out::close);
      }
    }

    private void own(Undo.Step step) throws IOException {
      try {
        step.run();
      } catch (IOException e) {
        failure = Optional.of(e);
        throw e;
      }
    }
  }
}
