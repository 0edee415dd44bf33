package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs each call that reaches the store, at debug level: the verb, the place, what came of it, and
 * the bytes that moved. Any other failure of a store becomes a {@link BackupException} here, so
 * that the layers and runs above meet no other.
 */
final class LoggingBackupTarget extends ForwardingBackupTarget {
  private final Logger log;

  LoggingBackupTarget(BackupTarget delegate, Logger log) {
    super(delegate);
    this.log = log;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    StoreContent stored = new StoreContent(content, place(name));
    try {
      return logged(
          options.replace() ? "replace" : "write",
          place(name),
          () -> delegate().write(name, stored, options),
          written -> written.size() + " bytes");
    } catch (BackupException e) {
      // T8: what the content throws passes unchanged.
      if (stored.failure != null && e.getCause() == stored.failure) {
        throw stored.failure;
      }
      throw e;
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    InputStream in =
        logged("read", place(name), () -> delegate().read(name, offset), s -> "from " + offset);
    return new CountingStream(in, place(name));
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return logged(
        "stat",
        place(name),
        () -> delegate().stat(name),
        found -> found.map(o -> o.size() + " bytes").orElse("none"));
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    return loggedList(prefix, () -> delegate().list(prefix));
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return loggedList(prefix, () -> delegate().listFolders(prefix));
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    return loggedList(prefix, () -> delegate().listFolders(prefix, fileNames));
  }

  private List<ObjectInfo> loggedList(String prefix, Boundary.Call<List<ObjectInfo>> listing)
      throws IOException {
    return logged("list", location() + "/" + prefix, listing, found -> found.size() + " objects");
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    logged(
        "delete",
        place(name),
        () -> {
          delegate().delete(name);
          return name;
        },
        done -> "done");
  }

  @Override
  public void close() throws IOException {
    logged(
        "close",
        location(),
        () -> {
          delegate().close();
          return this;
        },
        done -> "done");
  }

  private String place(ObjectName name) {
    return location() + "/" + name;
  }

  private <T> T logged(
      String verb, String place, Boundary.Call<T> call, Function<T, String> outcome)
      throws BackupException {
    try {
      T result = Boundary.call(verb, place, call);
      log.debug("{} {}: {}", verb, place, outcome.apply(result));
      return result;
    } catch (BackupException e) {
      log.debug("{} {}: {}", verb, place, outcome(e));
      throw e;
    }
  }

  private static String outcome(BackupException e) {
    return e.kind() + ", " + e.fact();
  }

  /** Separates failures of the content from failures of the store's stream, which are ours. */
  private static final class StoreContent extends ObservedContent {
    private final String place;
    private @Nullable IOException failure;

    StoreContent(Content content, String place) {
      super(content);
      this.place = place;
    }

    @Override
    OutputStream asked(OutputStream out) {
      return new BlockOutputStream() {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          Boundary.step("write", place, () -> out.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
          Boundary.step("write", place, out::flush);
        }
      };
    }

    @Override
    void failed(IOException thrown) {
      failure = thrown instanceof BackupException ? null : thrown;
    }
  }

  private final class CountingStream extends BlockFilterInputStream {
    private final String place;
    private long bytes;
    private boolean closed;

    CountingStream(InputStream in, String place) {
      super(in);
      this.place = place;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int count = Boundary.call("read", place, () -> in.read(buffer, offset, length));
        bytes += Math.max(count, 0);
        return count;
      } catch (BackupException e) {
        log.debug("read {}: {} after {} bytes", place, outcome(e), bytes);
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        log.debug("read {}: closed after {} bytes", place, bytes);
      }
      Boundary.step("read", place, in::close);
    }
  }
}
