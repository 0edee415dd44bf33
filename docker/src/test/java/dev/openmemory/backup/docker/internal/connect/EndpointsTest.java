package dev.openmemory.backup.docker.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
  /** {@code printf lab | sha256sum}. */
  private static final String SHA256_OF_LAB =
      "a51146d38077ff992eba84cf1d5e9b249073503eb74868699016153b031a38f7";

  @TempDir private Path root;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void dockerHostComesFirst() throws IOException {
    context("lab", "unix:///lab.sock", true);
    environment.put("DOCKER_HOST", "unix:///a.sock");
    environment.put("DOCKER_CONTEXT", "lab");

    assertThat(find())
        .isEqualTo(
            new Endpoint("unix:///a.sock", Optional.empty(), Optional.empty(), "DOCKER_HOST"));
  }

  @Test
  void tlsIsUsedWhenTheVariableIsNotEmpty() throws IOException {
    environment.put("DOCKER_HOST", "tcp://far");
    assertThat(find().uri()).isEqualTo("tcp://far:2375");

    environment.put("DOCKER_TLS_VERIFY", "yes");
    assertThat(find().uri()).isEqualTo("tcp://far:2376");
    assertThat(find().certificates()).contains(home().resolve(".docker").toString());

    environment.put("DOCKER_CERT_PATH", "/certs");
    assertThat(find().certificates()).contains("/certs");
  }

  @Test
  void anAddressWithoutASchemeIsTcp() throws IOException {
    environment.put("DOCKER_HOST", "far:1234");

    assertThat(find().uri()).isEqualTo("tcp://far:1234");
  }

  @Test
  void theCurrentContextIsRead() throws IOException {
    context("lab", "tcp://lab:2376", true);
    Files.writeString(configuration().resolve("config.json"), "{\"currentContext\": \"lab\"}");

    Endpoint found = find();

    assertThat(found.uri()).isEqualTo("tcp://lab:2376");
    assertThat(found.context()).contains("lab");
    assertThat(found.origin()).isEqualTo("context 'lab'");
    assertThat(found.certificates().orElseThrow()).endsWith("/docker");
  }

  @Test
  void theVariableOverridesTheCurrentContext() throws IOException {
    context("lab", "unix:///lab.sock", false);
    Files.writeString(configuration().resolve("config.json"), "{\"currentContext\": \"x\"}");
    environment.put("DOCKER_CONTEXT", "lab");

    assertThat(find().uri()).isEqualTo("unix:///lab.sock");
    assertThat(find().certificates()).isEmpty();
    assertThat(find().origin()).isEqualTo("context 'lab' of DOCKER_CONTEXT");
  }

  @Test
  void theConfigurationMayBeElsewhere() throws IOException {
    context("lab", "unix:///lab.sock", false);
    Path elsewhere = root.resolve("elsewhere");
    Files.move(configuration(), elsewhere);
    environment.put("DOCKER_CONFIG", elsewhere.toString());
    environment.put("DOCKER_CONTEXT", "lab");

    assertThat(find().uri()).isEqualTo("unix:///lab.sock");
  }

  @Test
  void aContextThatDoesNotExistIsNotTheDefault() throws IOException {
    socket("var/run/docker.sock");
    environment.put("DOCKER_CONTEXT", "lbo");

    refused(Kind.INVALID, "the Docker context 'lbo' does not exist in");
  }

  @Test
  void theDefaultContextIsASocket() throws IOException {
    Path socket = socket("var/run/docker.sock");
    environment.put("DOCKER_CONTEXT", "default");

    assertThat(find().uri()).isEqualTo("unix://" + socket);
  }

  @Test
  void theFirstSocketThatExistsIsTaken() throws IOException {
    environment.put("XDG_RUNTIME_DIR", root.resolve("run/user/1").toString());
    for (String name :
        new String[] {
          "run/podman/podman.sock",
          "run/user/1/podman/podman.sock",
          "home/.docker/desktop/docker.sock",
          "home/.docker/run/docker.sock",
          "run/user/1/docker.sock",
          "var/run/docker.sock"
        }) {
      Path socket = socket(name);

      assertThat(find().uri()).isEqualTo("unix://" + socket);
    }
  }

  @Test
  void windowsHasAPipe() throws IOException {
    assertThat(Endpoints.find(environment, home(), root, true).uri())
        .isEqualTo("npipe:////./pipe/docker_engine");
  }

  @Test
  void nothingNamesAllPlaces() {
    assertThatExceptionOfType(BackupException.class)
        .isThrownBy(this::find)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .withMessageContaining(root.resolve("var/run/docker.sock").toString())
        .withMessageContaining(root.resolve("run/podman/podman.sock").toString())
        .withMessageContaining(".docker/desktop/docker.sock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ssh://far", "ssh://me@far:2222", "ssh://me@[fe80::1]/run/user/7/docker.sock"})
  void anEngineBehindSshIsAnAddress(String address) throws IOException {
    environment.put("DOCKER_HOST", address);

    assertThat(find().uri()).isEqualTo(address);
    assertThat(find().certificates()).isEmpty();
  }

  /** Ssh or a shell would take them for something else, and a password would be in a record. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh://",
        "ssh://-oProxyCommand=x",
        "ssh://-l@far",
        "ssh://me:secret@far",
        "ssh://me@far?a=b",
        "ssh://far/a$(b)",
        "ssh://far/a b",
        "ssh://far/a;b",
        "ssh://far#x"
      })
  void anAddressThatSshCouldMistakeIsRefused(String address) {
    environment.put("DOCKER_HOST", address);

    refused(Kind.INVALID, "DOCKER_HOST is not an address");
  }

  @Test
  void whatIsNoAddressIsNotRepeated() {
    for (String host : new String[] {"ftp://x", "tcp://me:secret@far:1", "unix://a b", "tcp://"}) {
      environment.put("DOCKER_HOST", host);

      refused(Kind.INVALID, "DOCKER_HOST is not an address");
    }
  }

  @Test
  void anEndpointIsFoundAgainByItsKey() {
    Endpoint plain = new Endpoint("unix:///a.sock", Optional.empty(), Optional.empty(), "a record");
    Endpoint tls =
        new Endpoint("tcp://far:1", Optional.empty(), Optional.of("/c d/#e"), "a record");

    assertThat(Endpoint.parse(plain.key())).isEqualTo(plain);
    assertThat(Endpoint.parse(tls.key())).isEqualTo(tls);
  }

  private void refused(Kind kind, String fact) {
    assertThatExceptionOfType(BackupException.class)
        .isThrownBy(this::find)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
        .withMessageContaining(fact)
        .withMessageNotContaining("secret");
  }

  private Endpoint find() throws IOException {
    return Endpoints.find(environment, home(), root, false);
  }

  private Path home() {
    return root.resolve("home");
  }

  private Path configuration() {
    return home().resolve(".docker");
  }

  private Path socket(String name) throws IOException {
    Path socket = root.resolve(name);
    Files.createDirectories(socket.getParent());
    return Files.createFile(socket);
  }

  private void context(String name, String host, boolean tls) throws IOException {
    assertThat(name).isEqualTo("lab");
    Path contexts = configuration().resolve("contexts");
    Path meta = contexts.resolve("meta").resolve(SHA256_OF_LAB);
    Files.createDirectories(meta);
    Files.writeString(
        meta.resolve("meta.json"),
        "{\"Name\":\"lab\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\""
            + host
            + "\",\"SkipTLSVerify\":false}}}");
    if (tls) {
      Files.createDirectories(contexts.resolve("tls").resolve(SHA256_OF_LAB).resolve("docker"));
    }
  }
}
