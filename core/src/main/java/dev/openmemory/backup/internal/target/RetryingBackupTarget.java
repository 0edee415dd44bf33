package dev.openmemory.backup.internal.target;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tries again what failed for a reason that passes, as {@code Kind.isTransient} says. A write is
 * repeated only when its content can be asked again or has not been asked yet; reads continue where
 * they broke off. Never after an interrupt, and once only where nothing has ever been reached at
 * the address. The failure that is finally thrown carries the earlier ones as suppressed
 * exceptions.
 */
final class RetryingBackupTarget extends ForwardingBackupTarget {
  private final Backoff backoff;
  private final Waiter waiter;
  private final FirstContact contact = new FirstContact();

  RetryingBackupTarget(BackupTarget delegate, Backoff backoff, Waiter waiter) {
    super(delegate);
    this.backoff = backoff;
    this.waiter = waiter;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    Attempts attempts = attempts();
    AskedContent asked = new AskedContent(content);
    while (true) {
      try {
        ObjectInfo written = delegate().write(name, asked, options);
        contact.made();
        return written;
      } catch (IOException e) {
        attempts.failed(e, !asked.asked || content.repeatable());
      }
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    ObjectInfo object =
        stat(name)
            .orElseThrow(
                () -> Kind.NOT_FOUND.failure("read", location() + "/" + name, "does not exist"));
    return ResumingInputStream.open(delegate(), object, offset, attempts());
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return repeat(() -> delegate().stat(name));
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    return repeat(() -> delegate().list(prefix));
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return repeat(() -> delegate().listFolders(prefix));
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    return repeat(() -> delegate().listFolders(prefix, fileNames));
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    repeat(
        () -> {
          delegate().delete(name);
          return name;
        });
  }

  private <T> T repeat(Call<T> call) throws IOException {
    Attempts attempts = attempts();
    while (true) {
      try {
        T answer = call.run();
        contact.made();
        return answer;
      } catch (IOException e) {
        attempts.failed(e, true);
      }
    }
  }

  private Attempts attempts() {
    return new Attempts(backoff, waiter, contact);
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  /** Remembers whether anything was taken from the content. */
  private static final class AskedContent extends ObservedContent {
    private boolean asked;

    AskedContent(Content content) {
      super(content);
    }

    @Override
    OutputStream asked(OutputStream out) {
      asked = true;
      return out;
    }
  }
}
