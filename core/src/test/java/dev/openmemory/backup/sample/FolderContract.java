package dev.openmemory.backup.sample;

import dev.openmemory.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** For sources that store a tar of a folder, here called {@code data}. */
public abstract class FolderContract extends BackupSourceContract {
  protected static Path data(Path home) {
    return home.resolve("data");
  }

  @Override
  protected Object state(Path home) throws IOException {
    Map<String, String> tree = FileTree.of(data(home));
    tree.keySet().removeIf(name -> name.startsWith(".openmemory-backup"));
    return tree;
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.move(data(home), home.resolve("moved"));
  }

  /** Files that change one by one have no instant of their own. */
  @Override
  protected boolean needsQuiesce() {
    return true;
  }

  /** The second half of so small an archive is padding, so it is cut within the first headers. */
  @Override
  protected byte[] damage(String name, byte[] plain) {
    return Arrays.copyOf(plain, 1000);
  }
}
