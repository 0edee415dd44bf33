package dev.openmemory.backup.storage.s3.internal.part;

import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.CRC32;

/** Collects bytes of unknown number in parts, and hands each full one on. */
public final class PartStream extends BlockOutputStream {
  /** Where memory comes from, and parts go. */
  public interface Parts {
    /** Waits for a chunk of memory. */
    byte[] chunk() throws IOException;

    /** Takes the part, and its memory. */
    void submit(int number, Part part) throws IOException;
  }

  private final PartPlan plan;
  private final Parts parts;
  private final CRC32 crc = new CRC32();
  private int number = 1;
  private Part part = new Part();
  private long size;

  public PartStream(PartPlan plan, Parts parts) {
    this.plan = plan;
    this.parts = parts;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    for (int at = offset, end = offset + count; at < end; ) {
      // Only now, so that the last part is never empty and a single one is never a multipart.
      if (part.length() == plan.sizeOf(number)) {
        finishPart();
      }
      if (part.isFull()) {
        part.add(parts.chunk());
      }
      int room = plan.sizeOf(number) - part.length();
      int copied = part.append(bytes, at, Math.min(room, end - at));
      crc.update(bytes, at, copied);
      size += copied;
      at += copied;
    }
  }

  private void finishPart() throws IOException {
    parts.submit(number, part);
    number++;
    part = new Part();
  }

  /** Hands on what is left, when there was more than one part. */
  public void finish() throws IOException {
    if (number > 1) {
      finishPart();
    }
  }

  /** Whether all of it is in {@link #rest}, because it was no more than one part. */
  public boolean isWhole() {
    return number == 1;
  }

  /** What was not handed on yet. */
  public Part rest() {
    return part;
  }

  public long size() {
    return size;
  }

  public CRC32 crc() {
    return crc;
  }
}
