package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.swap.RespectsRepair;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A real exchange of one file, noting in which states the writers are at each step. */
public record WitnessRestoration(String component, Path data, Swap swap, FileWriters writers)
    implements Restoration, RespectsRepair {
  @Override
  public void apply() throws IOException {
    writers.logWithStates("apply " + component);
    writers.blockWhenOn(component + ".blocks-apply");
    writers.failWhenOn(component + ".refuses-apply", Kind.NO_SPACE);
    swap.apply();
  }

  @Override
  public void confirm(Facts stated, Cancellation cancellation) throws IOException {
    writers.logWithStates("confirm " + component);
    writers.blockWhenOn(component + ".blocks-confirm");
    writers.failWhenOn(component + ".refuses-confirm", Kind.INCONSISTENT);
    long size = Files.size(data);
    long points = stated.number("points", WitnessSource.DATA).orElse(size);
    if (stated.number("bytes").orElse(points) != size) {
      throw new BackupException(Kind.INCONSISTENT, "confirm", component, "has another length");
    }
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    writers.logWithStates("commit " + component);
    writers.failWhenOn(component + ".refuses-commit", Kind.NO_SPACE);
    return swap.commit(discardPrevious);
  }

  @Override
  public void rollback() throws IOException {
    writers.logWithStates("rollback " + component);
    writers.failWhenOn(component + ".refuses-rollback", Kind.DENIED);
    swap.rollback();
  }

  @Override
  public void requireUnrepaired() throws IOException {
    swap.requireUnrepaired();
  }

  @Override
  public Optional<Path> changesKept() {
    return swap.changesKept();
  }

  @Override
  public void replaceRepair() {
    try {
      writers.log("replace repair of " + component);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    swap.replaceRepair();
  }

  @Override
  public void close() throws IOException {
    swap.close();
  }
}
