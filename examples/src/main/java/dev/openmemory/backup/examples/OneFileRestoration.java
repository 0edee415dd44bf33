package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * In its folder: {@code new}, what is staged; {@code old}, the file from before, or {@code absent}
 * when there was none.
 */
record OneFileRestoration(Path file, Path staging) implements Restoration {
  @Override
  public void apply() throws IOException {
    if (Files.exists(file)) {
      Files.move(file, old());
    } else {
      Files.createFile(absent());
    }
    Files.move(staging.resolve("new"), file);
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    Files.deleteIfExists(absent());
    if (discardPrevious || !Files.exists(old())) {
      Files.deleteIfExists(old());
      return Optional.empty();
    }
    return Optional.of(Files.move(old(), file.resolveSibling(file.getFileName() + ".before")));
  }

  @Override
  public void rollback() throws IOException {
    if (Files.exists(old())) {
      Files.move(old(), file, StandardCopyOption.REPLACE_EXISTING);
    } else if (Files.exists(absent())) {
      Files.deleteIfExists(file);
      Files.delete(absent());
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(staging.resolve("new"));
    if (!Files.exists(old()) && !Files.exists(absent())) {
      Files.deleteIfExists(staging);
    }
  }

  private Path old() {
    return staging.resolve("old");
  }

  private Path absent() {
    return staging.resolve("absent");
  }
}
