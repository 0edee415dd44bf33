package dev.openmemory.backup.storage.s3.internal.part;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** A bounded amount of memory for parts. Usable by several threads. */
public final class PartMemory {
  private final Semaphore free;
  private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

  public PartMemory(PartPlan plan) {
    this.free = new Semaphore(Math.toIntExact(bytes(plan) / Part.CHUNK_BYTES));
  }

  /** How much there is for such parts. */
  public static long bytes(PartPlan plan) {
    long chunks = (plan.firstPart() + Part.CHUNK_BYTES - 1) / Part.CHUNK_BYTES;
    return chunks * plan.units() * Part.CHUNK_BYTES;
  }

  public byte[] take() throws InterruptedException {
    free.acquire();
    byte[] chunk = spare.poll();
    return chunk != null ? chunk : new byte[Part.CHUNK_BYTES];
  }

  /** Takes back the chunks of a part that is no longer used. */
  public void release(Part part) {
    spare.addAll(part.chunks());
    free.release(part.chunks().size());
  }
}
