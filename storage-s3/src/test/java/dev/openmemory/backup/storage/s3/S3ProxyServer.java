package dev.openmemory.backup.storage.s3;

import java.io.IOException;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3Proxy in this JVM, on a folder. It checks signatures and conditions; it ignores checksums. */
final class S3ProxyServer implements S3Server {
  private static final SharedServer<S3ProxyServer> SHARED =
      new SharedServer<>(S3ProxyServer::start);
  private static final SharedServer<S3ProxyServer> GULLIBLE =
      new SharedServer<>(() -> start(AuthenticationType.NONE));

  private final ServerFolder folder;
  private final S3Proxy proxy;

  private S3ProxyServer(ServerFolder folder, S3Proxy proxy) {
    this.folder = folder;
    this.proxy = proxy;
  }

  /** The one for all tests of this JVM. */
  static S3ProxyServer shared() throws Exception {
    return SHARED.get();
  }

  /** The same which believes every signature, so that headers may be taken off. */
  static S3ProxyServer gullible() throws Exception {
    return GULLIBLE.get();
  }

  /** One of the caller's own. */
  static S3ProxyServer start() throws Exception {
    return start(AuthenticationType.AWS_V4);
  }

  private static S3ProxyServer start(AuthenticationType type) throws Exception {
    ServerFolder folder = ServerFolder.create("s3proxy");
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.path().toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(type, AwsKeys.ID, AwsKeys.SECRET)
            .build();
    proxy.start();
    return new S3ProxyServer(folder, proxy);
  }

  @Override
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      proxy.stop();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
