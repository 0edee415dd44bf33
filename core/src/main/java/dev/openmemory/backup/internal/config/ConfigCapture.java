package dev.openmemory.backup.internal.config;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;

/** The bytes of the file, in memory. */
public final class ConfigCapture implements Capture {
  private final byte[] bytes;
  private final Facts facts;
  private final Cancellation cancellation;
  private final List<CapturedFile> files =
      List.of(new CapturedFile(ConfigDocument.FILE, "application/json", false, new Bytes()));

  /** Takes the bytes as they are. */
  public ConfigCapture(byte[] bytes, Facts facts, Cancellation cancellation) {
    this.bytes = bytes;
    this.facts = facts;
    this.cancellation = cancellation;
  }

  @Override
  public List<CapturedFile> files() {
    return files;
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void close() {}

  private final class Bytes implements Content {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      cancellation.check();
      out.write(bytes);
    }

    @Override
    public boolean repeatable() {
      return true;
    }

    @Override
    public OptionalLong sizeHint() {
      return OptionalLong.of(bytes.length);
    }
  }
}
