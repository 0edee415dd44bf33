package dev.openmemory.backup.storage.s3;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it counts what this JVM has open")
class S3ProxyContractTest extends S3TargetContract {
  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3ProxyServer.shared();
  }

  @Override
  S3Server server() {
    return server;
  }

  /** It holds each part on the heap of this JVM to check its signature. */
  @Override
  protected boolean storesOnThisHeap() {
    return true;
  }
}
