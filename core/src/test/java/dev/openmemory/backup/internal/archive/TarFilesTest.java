package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.testconditions.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarFilesTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private static final long HUGE = 8L << 30;

  @TempDir Path temp;

  @Test
  void theHeaderOfAFileBeyondItsDigitsIsReadByUsAndByCommonsCompress() throws Exception {
    byte[] block = headerOfHugeFile();
    assertThat(new TarArchiveEntry(block).getSize()).isEqualTo(HUGE);
    List<Long> sizes = new ArrayList<>();
    assertThatThrownBy(
            () ->
                read(
                    new SequenceInputStream(new ByteArrayInputStream(block), new Zeros(HUGE)),
                    (name, stated, modified, content) -> {
                      sizes.add(stated);
                      throw new EOFException("enough");
                    }))
        .hasMessage("enough");
    assertThat(sizes).containsExactly(HUGE);
  }

  @Test
  @Tag("services")
  void aFileBeyondTheDigitsOfAHeaderIsReadByTar() throws Exception {
    Path file = temp.resolve("huge.tar");
    try (RandomAccessFile tar = new RandomAccessFile(file.toFile(), "rw")) {
      tar.write(headerOfHugeFile());
      tar.setLength(512 + HUGE + 10_240);
    }
    Requires.that(Commands.exist("tar"), "tar");
    assertThat(Commands.run(temp, "tar", "tvf", file.toString()))
        .contains(" 8589934592 ", "backups/a/huge");
  }

  private static byte[] headerOfHugeFile() {
    byte[] block = new byte[512];
    OutputStream first =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("single bytes are slow");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            System.arraycopy(bytes, offset, block, 0, 512);
            throw new EOFException("enough");
          }
        };
    TarFiles.Writer tar = new TarFiles.Writer(first);
    assertThatThrownBy(() -> tar.file("backups/a/huge", HUGE, TIME, new Zeros(HUGE)))
        .hasMessage("enough");
    return block;
  }

  @Test
  void whatIsNoFileBelowTheRootIsRefused() throws IOException {
    for (char type : "12346".toCharArray()) {
      assertRefused(type, "backups/a/openmemory.db");
    }
    assertRefused('0', "/etc/passwd");
    assertRefused('0', "backups/../../x");
  }

  @Test
  void theSameNameTwiceIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarFiles.Writer tar = new TarFiles.Writer(bytes);
    tar.file("a/x", 0, TIME, InputStream.nullInputStream());
    tar.file("./a/x", 0, TIME, InputStream.nullInputStream());
    tar.end();
    assertCorrupt(bytes);
  }

  private static void assertRefused(char type, String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long written =
        TarHeader.write(
            bytes,
            new TarHeader.Fields(
                type, name, 0600, 0, 0, "", "", 0, FileTime.from(TIME), "config.json"));
    TarHeader.end(bytes, written);
    assertCorrupt(bytes);
  }

  private static void assertCorrupt(ByteArrayOutputStream bytes) {
    assertThatThrownBy(
            () ->
                read(
                    new ByteArrayInputStream(bytes.toByteArray()),
                    (name, size, modified, content) -> count(content)))
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> assertThat(e.kind()).isEqualTo(BackupException.Kind.CORRUPT));
  }

  private static void read(InputStream in, TarFiles.Taker taker) throws IOException {
    TarFiles.read(in, "test", ExtractionLimit.unstated(), new Cancellation(), taker);
  }

  private static long count(InputStream in) throws IOException {
    return in.transferTo(OutputStream.nullOutputStream());
  }

  /** So many zero bytes. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int count = (int) Math.min(left, length);
      Arrays.fill(bytes, offset, offset + count, (byte) 0);
      left -= count;
      return count == 0 ? -1 : count;
    }
  }
}
