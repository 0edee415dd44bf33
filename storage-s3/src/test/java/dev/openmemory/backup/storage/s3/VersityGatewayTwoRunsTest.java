package dev.openmemory.backup.storage.s3;

/** With a server whose objects are files. */
class VersityGatewayTwoRunsTest extends S3TwoRunsTest {
  @Override
  S3Server server() throws Exception {
    return VersityGatewayServer.shared();
  }
}
