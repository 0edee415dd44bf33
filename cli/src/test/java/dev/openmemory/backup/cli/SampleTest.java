package dev.openmemory.backup.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has an OpenMemory folder of its own. */
public abstract class SampleTest {
  public @TempDir Path temp;
  public SampleHome sample;

  @BeforeEach
  final void makeSample() throws IOException {
    sample = SampleHome.in(temp.resolve("openmemory"));
  }
}
