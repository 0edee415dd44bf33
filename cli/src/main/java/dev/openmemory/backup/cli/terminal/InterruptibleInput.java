package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Standard input. An interrupt ends a read. The JDK's own stream of a channel asks it for a
 * position, which a pipe does not have.
 */
public final class InterruptibleInput extends BlockInputStream {
  private final ReadableByteChannel channel;

  public InterruptibleInput(ReadableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
  }
}
