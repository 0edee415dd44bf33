package dev.openmemory.backup.internal.crosscheck;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file of ids in their order. */
final class IdRun {
  private static final int ENTRY = 4 * Long.BYTES;
  private static final int BUFFER = 1024 * ENTRY;

  private final Path file;
  private @Nullable IdEntry last;

  private IdRun(Path file) {
    this.file = file;
  }

  /** A new file, which is still empty. */
  static IdRun in(Path folder) throws IOException {
    return new IdRun(Files.createTempFile(folder, "ids-", ".run"));
  }

  /** Whether the entry can come after all that are in it. */
  boolean endsBefore(IdEntry entry) {
    return last == null || last.compareTo(entry) <= 0;
  }

  /** Adds all of the stream, which begins where this ends. */
  void append(IdStream entries) throws IOException {
    try (Writer writer = new Writer()) {
      for (IdEntry entry = entries.next(); entry != null; entry = entries.next()) {
        writer.put(entry);
        last = entry;
      }
      writer.flush();
    }
  }

  IdStream read() throws IOException {
    return new Reader();
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  private final class Writer implements Closeable {
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    Writer() throws IOException {}

    void put(IdEntry entry) throws IOException {
      if (!buffer.hasRemaining()) {
        flush();
      }
      buffer.putLong(entry.high()).putLong(entry.low());
      buffer.putLong(entry.order()).putLong(entry.value());
    }

    void flush() throws IOException {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private final class Reader implements IdStream {
    private final InputStream in = Files.newInputStream(file);
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);

    Reader() throws IOException {}

    @Override
    public @Nullable IdEntry next() throws IOException {
      if (!buffer.hasRemaining() && !fill()) {
        return null;
      }
      return new IdEntry(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    private boolean fill() throws IOException {
      int read = in.readNBytes(buffer.array(), 0, BUFFER);
      if (read % ENTRY != 0) {
        throw new EOFException("the file was cut off");
      }
      buffer.position(0).limit(read);
      return read > 0;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
