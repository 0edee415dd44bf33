package dev.openmemory.backup.testkit;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A target that fails by plan, to test the code above it. A write that fails leaves nothing, as the
 * contract of the decorated target has it.
 */
public final class FaultyBackupTarget extends ForwardingBackupTarget {
  private final List<FaultPlan> plans;

  /** Disturbs the target by the plans. */
  public FaultyBackupTarget(BackupTarget delegate, FaultPlan... plans) {
    super(delegate);
    this.plans = List.of(plans);
  }

  /**
   * Fails when a planned fault has not happened as often as planned: the test did not test what it
   * says.
   */
  public void verifyAllFired() {
    List<FaultPlan> unfired = plans.stream().filter(plan -> plan.left() > 0).toList();
    if (!unfired.isEmpty()) {
      throw new AssertionError("planned faults that never fired: " + unfired);
    }
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    FaultCursor cursor = begin(Verb.WRITE, name.value());
    ObjectInfo written = delegate().write(name, new FaultyContent(content, cursor), options);
    if (cursor.isLost()) {
      delegate().delete(name);
    }
    return written;
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    FaultCursor cursor = begin(Verb.READ, name.value());
    return new FaultyInputStream(delegate().read(name, offset), cursor);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    begin(Verb.STAT, name.value());
    return delegate().stat(name);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    begin(Verb.LIST, prefix);
    return delegate().list(prefix);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    begin(Verb.DELETE, name.value());
    delegate().delete(name);
  }

  private FaultCursor begin(Verb verb, String name) throws IOException {
    List<FaultPlan> ahead = plans.stream().filter(plan -> plan.concerns(verb, name)).toList();
    FaultCursor cursor = new FaultCursor(verb, location() + "/" + name, ahead);
    cursor.arrive();
    return cursor;
  }

  private record FaultyContent(Content content, FaultCursor cursor) implements Content {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      content.writeTo(new FaultyOutputStream(out, cursor));
      cursor.arrive();
    }

    @Override
    public void writeTo(OutputStream out, long offset) throws IOException {
      content.writeTo(new FaultyOutputStream(out, cursor), offset);
      cursor.arrive();
    }

    @Override
    public boolean repeatable() {
      return content.repeatable();
    }

    @Override
    public Optional<Digest> digest() {
      return content.digest();
    }

    @Override
    public OptionalLong sizeHint() {
      return content.sizeHint();
    }
  }

  private static final class FaultyOutputStream extends BlockOutputStream {
    private final OutputStream out;
    private final FaultCursor cursor;

    FaultyOutputStream(OutputStream out, FaultCursor cursor) {
      this.out = out;
      this.cursor = cursor;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
      for (int at = 0; at < length; ) {
        cursor.arrive();
        int count = cursor.upToNext(length - at);
        cursor.pass(copy, at, count);
        out.write(copy, at, count);
        at += count;
      }
    }
  }

  private static final class FaultyInputStream extends BlockFilterInputStream {
    private final FaultCursor cursor;

    FaultyInputStream(InputStream in, FaultCursor cursor) {
      super(in);
      this.cursor = cursor;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      cursor.arrive();
      if (cursor.isCut()) {
        return -1;
      }
      int count = in.read(bytes, offset, cursor.upToNext(length));
      cursor.pass(bytes, offset, Math.max(count, 0));
      return count;
    }
  }
}
