package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** The same content, by way of a stream of a decorator's own. */
abstract class ObservedContent implements Content {
  private final Content content;

  ObservedContent(Content content) {
    this.content = content;
  }

  /** Called when bytes are asked for: the stream to write them to, which leads to the other. */
  abstract OutputStream asked(OutputStream out);

  /** Called with what comes out of the content. */
  void failed(IOException failure) {}

  @Override
  public final void writeTo(OutputStream out) throws IOException {
    try {
      content.writeTo(asked(out));
    } catch (IOException e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public final void writeTo(OutputStream out, long offset) throws IOException {
    try {
      content.writeTo(asked(out), offset);
    } catch (IOException e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public final boolean repeatable() {
    return content.repeatable();
  }

  @Override
  public final Optional<Digest> digest() {
    return content.digest();
  }

  @Override
  public final OptionalLong sizeHint() {
    return content.sizeHint();
  }
}
