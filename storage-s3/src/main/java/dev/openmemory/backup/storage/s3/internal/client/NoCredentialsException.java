package dev.openmemory.backup.storage.s3.internal.client;

/** The chain of credentials gave none. The SDK keeps it as a cause only. */
final class NoCredentialsException extends Exception {
  private static final long serialVersionUID = 1L;

  NoCredentialsException(Throwable cause) {
    super("no credentials", cause);
  }
}
