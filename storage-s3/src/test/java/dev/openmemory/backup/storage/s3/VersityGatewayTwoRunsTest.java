package dev.openmemory.backup.storage.s3;

import org.junit.jupiter.api.Tag;

/** With a server whose objects are files. */
@Tag("long")
class VersityGatewayTwoRunsTest extends S3TwoRunsTest {
  @Override
  S3Server server() throws Exception {
    return VersityGatewayServer.shared();
  }
}
