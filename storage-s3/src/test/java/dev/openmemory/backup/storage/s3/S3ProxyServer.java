package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.testconditions.StartedOnce;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.model.Part;

/** S3Proxy in this JVM, on a folder. It checks signatures and conditions; it ignores checksums. */
final class S3ProxyServer extends S3Server {
  private static final StartedOnce<S3ProxyServer> SHARED =
      new StartedOnce<>(() -> start(AuthenticationType.AWS_V4));
  private static final StartedOnce<S3ProxyServer> WITHOUT_SIGNATURES =
      new StartedOnce<>(() -> start(AuthenticationType.NONE));

  /** More than a chunk of memory. */
  static final int PART = 300 << 10;

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

  /** The same without a check of signatures, so that headers may be removed. */
  static S3ProxyServer withoutSignatures() throws Exception {
    return WITHOUT_SIGNATURES.get();
  }

  private static S3ProxyServer start(AuthenticationType type) throws Exception {
    ServerFolder folder = ServerFolder.create("s3proxy");
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(new PartsOfAnySize(new FilesystemNio2BlobStore(folder.path().toString())))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(type, AwsKeys.ID, AwsKeys.SECRET)
            .build();
    proxy.start();
    return new S3ProxyServer(folder, proxy);
  }

  @Override
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  @Override
  int smallestPart() {
    return PART;
  }

  /** S3Proxy refuses parts of less than 5 MiB, but not those whose size it is not told. */
  private static final class PartsOfAnySize extends ForwardingBlobStore {
    PartsOfAnySize(BlobStore store) {
      super(store);
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
      return super.listMultipartUpload(upload).stream()
          .map(part -> part.toBuilder().size(null).build())
          .toList();
    }
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
