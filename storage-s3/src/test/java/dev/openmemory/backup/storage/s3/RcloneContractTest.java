package dev.openmemory.backup.storage.s3;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("services")
class RcloneContractTest extends S3TargetContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3ProgramServer.rclone();
  }

  @Override
  S3Server server() {
    return server;
  }

  /** It answers 500. */
  @Override
  protected boolean refusesToDeleteFolders() {
    return true;
  }
}
