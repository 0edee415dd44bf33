package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

class NoteSourceContractTest extends BackupSourceContract {
  private int states;

  @Override
  protected BackupSourceProvider provider() {
    return new NoteSourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    mutate(home);
    return new ProviderOptions("note", Map.of("file", home.resolve("note.txt").toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    Path next = Files.writeString(home.resolve("next"), "state " + states++ + " end");
    Files.move(next, home.resolve("note.txt"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  protected Object state(Path home) throws IOException {
    return Files.readString(home.resolve("note.txt"));
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.delete(home.resolve("note.txt"));
  }
}
