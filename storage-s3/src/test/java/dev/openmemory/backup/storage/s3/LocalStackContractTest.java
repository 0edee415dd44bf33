package dev.openmemory.backup.storage.s3;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("services")
class LocalStackContractTest extends S3TargetContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = LocalStackServer.shared();
  }

  @Override
  S3Server server() {
    return server;
  }
}
