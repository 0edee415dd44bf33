package dev.openmemory.backup.storage.s3;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The keys of every {@link S3Server}, set for the tests of a class where AWS's default chain looks
 * for them first.
 */
final class AwsKeys implements BeforeAllCallback, AfterAllCallback {
  static final String ID = "openmemory-backup-tests";
  static final String SECRET = "a-secret-that-no-message-may-show";

  private static final Map<String, String> PROPERTIES =
      Map.of("aws.accessKeyId", ID, "aws.secretAccessKey", SECRET);

  private final Map<String, @Nullable String> before = new HashMap<>();

  /** The same for a child process. */
  static Map<String, String> environment() {
    return Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    PROPERTIES.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }
}
