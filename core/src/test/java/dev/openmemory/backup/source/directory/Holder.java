package dev.openmemory.backup.source.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.internal.archive.Commands;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that holds a directory as Qdrant does. */
record Holder(Process process) implements AutoCloseable {
  static Holder of(Path directory) throws IOException {
    Requires.that(Commands.exist("flock"), "flock");
    Process process =
        new ProcessBuilder(
                "flock", "--no-fork", directory.toString(), "sh", "-c", "echo held; read end")
            .start();
    byte[] held = process.getInputStream().readNBytes(5);
    assertThat(new String(held, StandardCharsets.UTF_8)).isEqualTo("held\n");
    return new Holder(process);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
