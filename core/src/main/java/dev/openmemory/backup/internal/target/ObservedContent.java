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

  @Override
  public final void writeTo(OutputStream out) throws IOException {
    content.writeTo(asked(out));
  }

  @Override
  public final void writeTo(OutputStream out, long offset) throws IOException {
    content.writeTo(asked(out), offset);
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
