package dev.openmemory.backup.testkit;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers where a stream was opened that is not closed. */
public final class LeakTrackingBackupTarget extends ForwardingBackupTarget {
  private final Map<InputStream, Throwable> open = new ConcurrentHashMap<>();

  /** Watches the streams of the target. */
  public LeakTrackingBackupTarget(BackupTarget delegate) {
    super(delegate);
  }

  /** Fails when a stream is open; each opener's stack is a suppressed exception. */
  public void verifyAllClosed() {
    Collection<Throwable> openers = open.values();
    if (!openers.isEmpty()) {
      AssertionError leak = new AssertionError("streams left open: " + openers.size());
      openers.forEach(leak::addSuppressed);
      throw leak;
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    InputStream stream = new TrackedStream(delegate().read(name, offset));
    open.put(stream, new Throwable("opened " + name + " here"));
    return stream;
  }

  private final class TrackedStream extends FilterInputStream {
    TrackedStream(InputStream in) {
      super(in);
    }

    @Override
    public void close() throws IOException {
      open.remove(this);
      in.close();
    }
  }
}
