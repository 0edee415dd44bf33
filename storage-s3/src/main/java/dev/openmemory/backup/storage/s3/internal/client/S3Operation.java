package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What is being tried, where, so that a failure can say so.
 *
 * @param verb the verb of the SPI
 * @param location of the object or of the whole target, for messages
 */
public record S3Operation(String verb, String location, S3Failures failures) {
  /** Asks the store; its failures become ours. */
  public <T> T ask(Supplier<T> request) throws BackupException {
    checkInterrupt();
    try {
      return request.get();
    } catch (SdkException e) {
      throw failure(e);
    }
  }

  public BackupException failure(SdkException e) {
    return failures.translate(this, e);
  }

  /** Of a stream that broke in the middle. */
  public BackupException failure(IOException e) {
    return e instanceof BackupException ours ? ours : failures.translate(this, e);
  }

  public BackupException failure(Kind kind, String fact) {
    return kind.failure(verb, location, fact);
  }

  /** Waits between two attempts. */
  public void pause(Duration pause) throws BackupException {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(verb, location, "interrupted", e);
    }
  }

  /** Notices an interrupt before and between calls. */
  public void checkInterrupt() throws BackupException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.CANCELLED, "interrupted");
    }
  }
}
