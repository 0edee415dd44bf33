package dev.openmemory.backup.storage.s3;

import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The keys of every {@link S3Server}, set where AWS's default chain looks for them first. They stay
 * there, for classes run beside each other.
 */
final class AwsKeys implements BeforeAllCallback {
  static final String ID = "openmemory-backup-tests";
  static final String SECRET = "a-secret-that-no-message-may-show";

  /** The same for a child process. */
  static Map<String, String> environment() {
    return Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    System.setProperty("aws.accessKeyId", ID);
    System.setProperty("aws.secretAccessKey", SECRET);
  }
}
