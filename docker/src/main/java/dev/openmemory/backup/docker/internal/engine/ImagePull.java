package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Has the engine fetch an image from a registry that wants no password. */
final class ImagePull {
  private ImagePull() {}

  /**
   * Fetches. That of docker-java works in a thread of its own, which no watch over calls would see.
   *
   * @param reference with tag or digest; without either, {@code latest}
   */
  static void run(DockerHttpClient transport, String reference, Cancellation cancellation)
      throws IOException {
    DockerHttpClient.Request request =
        DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.POST)
            .path("/images/create?fromImage=" + encoded(reference))
            .build();
    try (DockerHttpClient.Response response = transport.execute(request);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
      if (response.getStatusCode() != 200) {
        throw new DockerException(lines.readLine(), response.getStatusCode());
      }
      // Success is announced before the work is done, so a failure is one of the lines.
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        cancellation.check();
        refuse(line, reference);
      }
    }
  }

  private static void refuse(String line, String reference) throws BackupException {
    Object error =
        line.isBlank()
            ? null
            : Json.readObject(line.getBytes(StandardCharsets.UTF_8), reference).get("error");
    if (error != null) {
      throw Kind.FAILED.failure("pull image", reference, "the engine says: " + error);
    }
  }

  private static String encoded(String reference) {
    boolean exact =
        reference.contains("@") || reference.lastIndexOf(':') > reference.lastIndexOf('/');
    return URLEncoder.encode(exact ? reference : reference + ":latest", StandardCharsets.UTF_8);
  }
}
