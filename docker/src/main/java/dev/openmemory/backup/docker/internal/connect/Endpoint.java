package dev.openmemory.backup.docker.internal.connect;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an engine listens.
 *
 * @param uri {@code unix:///var/run/docker.sock}, {@code tcp://host:2376}, {@code ssh://user@host},
 *     {@code npipe:...}
 * @param context the Docker context that names it, or empty
 * @param certificates the folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem} for TLS
 * @param origin why this one, for people: {@code DOCKER_HOST}, {@code context 'desktop-linux'} ...
 */
public record Endpoint(
    String uri, Optional<String> context, Optional<String> certificates, String origin) {
  private static final String UNIX = "unix://";
  private static final String CERTIFICATES = "#certificates=";

  /** The endpoint of a {@link #key}; it no longer knows the context. */
  public static Endpoint parse(String key) {
    int at = key.indexOf(CERTIFICATES);
    if (at < 0) {
      return new Endpoint(key, Optional.empty(), Optional.empty(), "a record");
    }
    String folder = key.substring(at + CERTIFICATES.length());
    return new Endpoint(
        key.substring(0, at),
        Optional.empty(),
        Optional.of(URLDecoder.decode(folder, StandardCharsets.UTF_8)),
        "a record");
  }

  /** By which {@link #parse} finds it again in another process; without secrets. */
  public String key() {
    return uri
        + certificates
            .map(folder -> CERTIFICATES + URLEncoder.encode(folder, StandardCharsets.UTF_8))
            .orElse("");
  }

  /** The socket file, when it is one. */
  public Optional<Path> socket() {
    return uri.startsWith(UNIX)
        ? Optional.of(Path.of(uri.substring(UNIX.length())))
        : Optional.empty();
  }
}
