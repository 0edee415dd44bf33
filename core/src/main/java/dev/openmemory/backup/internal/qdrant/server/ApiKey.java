package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret that a server wants to be shown; no text of this object holds it. */
public final class ApiKey {
  private final String secret;

  private ApiKey(String secret) {
    this.secret = secret;
  }

  /**
   * The key in a text, without white space around it.
   *
   * @param origin where the text is from, for messages
   * @throws BackupException of kind {@code INVALID} when it cannot be a key
   */
  public static ApiKey of(String text, String origin) throws BackupException {
    String secret = text.strip();
    if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw Kind.INVALID.failure(
          "read API key",
          origin,
          secret.isEmpty() ? "is empty" : "holds characters that no API key has");
    }
    return new ApiKey(secret);
  }

  /** The key in a file. */
  public static ApiKey in(Path file) throws IOException {
    try {
      return of(Files.readString(file), file.toString());
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      throw FileFailure.of("read API key", file, e);
    }
  }

  /** The value of the header; for that alone. */
  public String secret() {
    return secret;
  }

  @Override
  public String toString() {
    return "***";
  }
}
