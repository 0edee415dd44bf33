package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.storage.sftp.internal.session.PartialName;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteTree;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.sftp.SFTPException;

/** Finds and removes files of writes that are no more. */
public final class AbandonedPartials {
  private AbandonedPartials() {}

  /** Removes files of ended writers. Returns their paths below the root. */
  public static List<String> sweep(
      SftpOperation operation, RemoteFiles files, RemoteTree tree, Instant now) throws IOException {
    List<String> removed = new ArrayList<>();
    for (RemoteTree.Entry entry : tree.entries(operation, files, "", RemoteTree.FOLDERS)) {
      Optional<PartialName> name = PartialName.parse(entry.fileName());
      if (entry.facts().isFile()
          && name.isPresent()
          && name.get().isRemovable(entry.facts().modified(), now)
          && remove(files, tree.path(entry.name()))) {
        tree.removeEmpty(files, entry.name());
        removed.add(entry.name());
      }
    }
    return removed;
  }

  private static boolean remove(RemoteFiles files, String path) throws IOException {
    try {
      files.remove(path);
      return true;
    } catch (SFTPException e) {
      if (RemoteFiles.isMissing(e)) {
        return false;
      }
      throw e;
    }
  }
}
