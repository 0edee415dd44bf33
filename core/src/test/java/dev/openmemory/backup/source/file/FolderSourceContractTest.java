package dev.openmemory.backup.source.file;

import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class FolderSourceContractTest extends BackupSourceContract {
  private final AtomicInteger changes = new AtomicInteger();

  private static final class Notes extends FolderSourceProvider {
    Notes() {
      super("notes");
    }
  }

  @Override
  protected BackupSourceProvider provider() {
    return new Notes();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    Files.createDirectories(notes(home).resolve("2026/empty"));
    Files.writeString(notes(home).resolve("first"), "stays");
    mutate(home);
    return new ProviderOptions("notes", Map.of("path", notes(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    int change = changes.incrementAndGet();
    Files.writeString(notes(home).resolve("2026/note-" + change % 2), "note " + change);
  }

  @Override
  protected Object state(Path home) throws IOException {
    Map<String, String> tree = FileTree.of(notes(home));
    tree.keySet().removeIf(name -> name.startsWith(".openmemory-backup"));
    return tree;
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.move(notes(home), home.resolve("moved"));
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

  private static Path notes(Path home) {
    return home.resolve("notes");
  }
}
