package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * Logs each call that reaches the store, at debug level: the verb, the place, what came of it, and
 * the bytes that moved.
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
    return logged(
        options.replace() ? "replace" : "write",
        place(name),
        () -> delegate().write(name, content, options),
        written -> written.size() + " bytes");
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

  private List<ObjectInfo> loggedList(String prefix, Call<List<ObjectInfo>> listing)
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

  private <T> T logged(String verb, String place, Call<T> call, Function<T, String> outcome)
      throws IOException {
    try {
      T result = call.run();
      log.debug("{} {}: {}", verb, place, outcome.apply(result));
      return result;
    } catch (IOException e) {
      log.debug("{} {}: {}", verb, place, outcome(e));
      throw e;
    }
  }

  private static String outcome(IOException e) {
    return e instanceof BackupException ours ? ours.kind() + ", " + ours.fact() : e.toString();
  }

  private interface Call<T> {
    T run() throws IOException;
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
        int count = in.read(buffer, offset, length);
        bytes += Math.max(count, 0);
        return count;
      } catch (IOException e) {
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
      in.close();
    }
  }
}
