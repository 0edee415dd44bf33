package dev.openmemory.backup.spi;

import dev.openmemory.backup.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Base of decorators: passes every call on; {@link #listFolders} is what {@link #list} of the
 * decorator gives, until it is overridden. Optional powers ({@link SweepsLeftovers}, {@link
 * ReportsSpace}, {@code ReportsAccess}) are found through the chain by {@link #power}.
 */
public abstract class ForwardingBackupTarget implements BackupTarget {
  private final BackupTarget delegate;

  /** Decorates the target, which this one then owns: closing this closes it. */
  protected ForwardingBackupTarget(BackupTarget delegate) {
    this.delegate = Objects.requireNonNull(delegate);
  }

  /** The power of a target or of one that it decorates, outermost first. */
  public static <P> Optional<P> power(BackupTarget target, Class<P> power) {
    if (power.isInstance(target)) {
      return Optional.of(power.cast(target));
    }
    return target instanceof ForwardingBackupTarget decorator
        ? power(decorator.delegate, power)
        : Optional.empty();
  }

  /** The decorated target. */
  protected final BackupTarget delegate() {
    return delegate;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    return delegate.write(name, content, options);
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    return delegate.read(name, offset);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return delegate.stat(name);
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    return delegate.list(prefix);
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    delegate.delete(name);
  }

  @Override
  public TargetTraits traits() {
    return delegate.traits();
  }

  @Override
  public String location() {
    return delegate.location();
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + delegate + ")";
  }
}
