package dev.openmemory.backup.storage.local;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders of other users in a shared target: each is named once in the log, and left out. */
final class UnreadableFolders {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadableFolders.class);

  private final Set<Path> named = ConcurrentHashMap.newKeySet();

  void leaveOut(Path folder) {
    if (named.add(folder)) {
      LOG.warn("the folder {} cannot be read and is left out: access denied", folder);
    }
  }
}
