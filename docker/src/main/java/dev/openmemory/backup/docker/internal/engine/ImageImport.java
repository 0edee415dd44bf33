package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Makes an image of a tar of its files. The command of docker-java for this, as of 3.7.1, sends the
 * JSON form of the stream object in place of its bytes.
 */
final class ImageImport {
  private ImageImport() {}

  /**
   * Imports.
   *
   * @param image repository and tag; an image that has that name loses it
   */
  static void run(DockerHttpClient transport, String image, byte[] tar) throws IOException {
    String path =
        "/images/create?fromSrc=-&repo=" + URLEncoder.encode(image, StandardCharsets.UTF_8);
    DockerHttpClient.Request request =
        DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.POST)
            .path(path)
            .putHeader("content-type", "application/x-tar")
            .bodyBytes(tar)
            .build();
    try (DockerHttpClient.Response response = transport.execute(request)) {
      // The engine is done when its answer ends.
      String said = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
      if (response.getStatusCode() != 200) {
        throw new DockerException(said, response.getStatusCode());
      }
    }
  }
}
