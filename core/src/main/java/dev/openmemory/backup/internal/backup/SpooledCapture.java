package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.SparseOutputStream;
import dev.openmemory.backup.internal.file.FileContent;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A capture whose contents were copied to temporary files, so that its writers can go on. */
record SpooledCapture(Capture original, List<CapturedFile> files) implements Capture {

  /** Copies all contents; zero pages take no room. */
  static SpooledCapture of(Run run, String component, Capture original) throws IOException {
    run.enter(Phase.SPOOL, component);
    List<CapturedFile> files = new ArrayList<>();
    for (CapturedFile file : original.files()) {
      Path copy = run.context().scratch().resolve("spool-" + component + "-" + file.name());
      copy(run, file, copy);
      FileContent content = FileContent.of(copy, run.context().cancellation());
      files.add(new CapturedFile(file.name(), file.mediaType(), file.compress(), content));
    }
    return new SpooledCapture(original, List.copyOf(files));
  }

  private static void copy(Run run, CapturedFile file, Path copy) throws IOException {
    run.tell(new BackupEvent.FileStarted(file.name(), file.content().sizeHint()));
    boolean complete = false;
    long bytes = 0;
    try (Observed out = new Observed(SparseOutputStream.create(copy), run, file.name())) {
      file.content().writeTo(out);
      bytes = out.bytes;
      complete = true;
    } catch (IOException e) {
      throw FileFailure.of("spool", copy, e);
    } finally {
      run.tell(new BackupEvent.FileFinished(file.name(), bytes, complete));
    }
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

  /** Not digested here: that would prolong the hold, and publishing does it. */
  private static final class Observed extends BlockOutputStream {
    private final OutputStream out;
    private final Run run;
    private final ProgressTicker ticker;
    private long bytes;

    Observed(OutputStream out, Run run, String file) {
      this.out = out;
      this.run = run;
      this.ticker = new ProgressTicker(run, file);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      run.checkCancelled();
      out.write(buffer, offset, length);
      bytes += length;
      ticker.at(bytes);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
