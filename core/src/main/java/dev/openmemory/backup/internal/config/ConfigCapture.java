package dev.openmemory.backup.internal.config;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import java.util.List;

/** The bytes of the file, in memory. */
public record ConfigCapture(SmallContent bytes, Facts facts) implements Capture {
  @Override
  public List<CapturedFile> files() {
    return List.of(new CapturedFile(ConfigDocument.FILE, "application/json", false, bytes));
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void close() {}
}
