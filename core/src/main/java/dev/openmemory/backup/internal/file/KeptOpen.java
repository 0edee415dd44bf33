package dev.openmemory.backup.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Channels that are never closed. Closing any channel of a file gives up all POSIX locks of the
 * process on it, also one that it has through another class loader, as in an application server.
 */
public final class KeptOpen {
  private static final Set<FileChannel> ALL = ConcurrentHashMap.newKeySet();

  private KeptOpen() {}

  /** Keeps it. */
  public static void add(FileChannel channel) {
    ALL.add(channel);
  }

  public static boolean contains(FileChannel channel) {
    return ALL.contains(channel);
  }

  /** Closes it unless it is kept. */
  public static void closeOthers(FileChannel channel) throws IOException {
    if (!contains(channel)) {
      channel.close();
    }
  }
}
