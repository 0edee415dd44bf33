package dev.openmemory.backup.storage.s3;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

// The contract on another JDK is that of S3Proxy.
@Tag("long")
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
