package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.stream.BoundedPipe;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One content, read once, on its way to several destinations at a time. The slowest one sets the
 * pace; one that fails is left out from there on.
 */
final class FanOut {
  /** What is handed on at once: many small writes would cost more than they carry. */
  private static final int CHUNK_BYTES = 64 * 1024;

  private final List<Branch> branches;

  FanOut(List<BackupDestination> destinations, ObjectName object) {
    this.branches = destinations.stream().map(d -> new Branch(d, object)).toList();
  }

  /**
   * Writes it, and returns when no thread is left.
   *
   * @throws IOException of the content, or of kind {@code CANCELLED}; then nothing was written
   *     anywhere, but for a destination that had finished
   */
  void write(Content content) throws IOException {
    branches.forEach(Branch::start);
    try (OutputStream out = new BufferedOutputStream(new Tee(), CHUNK_BYTES)) {
      content.writeTo(out);
      out.flush();
      branches.forEach(branch -> branch.pipe.end());
      for (Branch branch : branches) {
        branch.thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stop(Kind.CANCELLED.failure("cancelled", "", "interrupted", e));
    } catch (IOException e) {
      // If no target reads any more, the stream has ended the content, and the reasons are known.
      if (branches.stream().anyMatch(Branch::isOpen)) {
        throw stop(e);
      }
    } catch (RuntimeException | Error e) {
      stop(new IOException("the content failed", e));
      throw e;
    } finally {
      branches.forEach(Branch::awaitEnd);
    }
  }

  private IOException stop(IOException reason) {
    boolean cancelled = reason instanceof BackupException known && known.kind() == Kind.CANCELLED;
    for (Branch branch : branches) {
      branch.pipe.fail(reason);
      if (cancelled) {
        branch.thread.interrupt();
      }
    }
    return reason;
  }

  /** The object there, as the destination has finished it. */
  ObjectInfo written(BackupDestination destination) throws IOException {
    return branches.stream()
        .filter(branch -> branch.destination == destination)
        .findFirst()
        .orElseThrow()
        .written();
  }

  /** One of the destinations that have it, if any has. */
  Optional<BackupDestination> finished() {
    return branches.stream()
        .filter(branch -> branch.written.isPresent())
        .map(branch -> branch.destination)
        .findFirst();
  }

  /** Gives the same bytes to all that still take them. */
  private final class Tee extends BlockOutputStream {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int at = offset; at < offset + length; at += CHUNK_BYTES) {
        put(Arrays.copyOfRange(bytes, at, Math.min(at + CHUNK_BYTES, offset + length)));
      }
    }

    private void put(byte[] chunk) throws IOException {
      boolean taken = false;
      try {
        for (Branch branch : branches) {
          taken |= branch.pipe.put(chunk);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Kind.CANCELLED.failure("cancelled", "", "interrupted", e);
      }
      if (!taken) {
        throw new IOException("no target reads the content any more");
      }
    }
  }

  /** A destination, in a thread of its own. */
  private static final class Branch implements Content {
    private final BackupDestination destination;
    private final ObjectName object;
    private final BoundedPipe pipe = new BoundedPipe();
    private final Thread thread;
    private volatile Optional<ObjectInfo> written = Optional.empty();
    private volatile @Nullable Throwable failure;

    Branch(BackupDestination destination, ObjectName object) {
      this.destination = destination;
      this.object = object;
      this.thread = new Thread(this::run, "openmemory-backup-fan-out");
      this.thread.setDaemon(true);
    }

    void start() {
      thread.start();
    }

    private void run() {
      try {
        written = Optional.of(destination.write(object, this));
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
      } finally {
        pipe.abandon();
      }
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      try {
        pipe.drainTo(out);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Kind.CANCELLED.failure("cancelled", "", "interrupted", e);
      }
    }

    boolean isOpen() {
      return failure == null;
    }

    ObjectInfo written() throws IOException {
      Throwable reason = failure;
      if (reason instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (reason instanceof Error error) {
        throw error;
      }
      if (reason instanceof IOException known) {
        throw known;
      }
      return written.orElseThrow();
    }

    /** No thread may continue the work of a call that has returned. */
    void awaitEnd() {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          thread.interrupt();
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
