package dev.openmemory.backup.storage.s3;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.StartedOnce;
import java.net.URI;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container. It behaves most like AWS, but lets any signature pass. */
final class LocalStackServer extends S3Server {
  private static final String IMAGE = "localstack/localstack:4.13.1";
  private static final StartedOnce<LocalStackServer> SHARED =
      new StartedOnce<>(LocalStackServer::start);

  private final LocalStackContainer container;

  private LocalStackServer(LocalStackContainer container) {
    this.container = container;
  }

  /** The one for all tests of this JVM; skips the test without an engine that has the image. */
  static LocalStackServer shared() throws Exception {
    return SHARED.get();
  }

  @Override
  URI endpoint() {
    return container.getEndpoint();
  }

  @Override
  public void close() {
    container.close();
  }

  private static LocalStackServer start() {
    Requires.that(DockerClientFactory.instance().isDockerAvailable(), "a Docker engine");
    Requires.that(hasImage(), "the image " + IMAGE);
    LocalStackContainer container =
        new LocalStackContainer(DockerImageName.parse(IMAGE))
            .withServices("s3")
            // Where CI looks for what killed tests left.
            .withLabel("dev.openmemory.backup.test", "localstack");
    // The engine's socket, which S3 has no use for; to mount it, Testcontainers tries an image that
    // it pulls.
    container.setBinds(List.of());
    try {
      container.start();
    } catch (Throwable e) {
      container.close();
      throw e;
    }
    return new LocalStackServer(container);
  }

  private static boolean hasImage() {
    try {
      DockerClientFactory.instance().client().inspectImageCmd(IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }
}
