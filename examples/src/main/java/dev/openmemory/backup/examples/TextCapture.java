package dev.openmemory.backup.examples;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A small text that was read as a whole. */
record TextCapture(String name, String text, Facts facts, RunContext context)
    implements Capture, Content {
  @Override
  public List<CapturedFile> files() {
    return List.of(new CapturedFile(name, "text/plain", true, this));
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    context.cancellation().check();
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public void close() {}
}
