package dev.openmemory.backup.storage.s3;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("services")
class VersityGatewayContractTest extends S3TargetContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = VersityGatewayServer.shared();
  }

  @Override
  S3Server server() {
    return server;
  }
}
