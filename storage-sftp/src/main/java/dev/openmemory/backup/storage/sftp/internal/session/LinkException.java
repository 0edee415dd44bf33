package dev.openmemory.backup.storage.sftp.internal.session;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The connection is broken, or the server silent; nothing is known of requests under way. */
public final class LinkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean silent;

  LinkException(String message, boolean silent, @Nullable Throwable cause) {
    super(message, cause);
    this.silent = silent;
  }

  /** Whether the server said nothing for too long, rather than the connection broke. */
  boolean isSilent() {
    return silent;
  }
}
