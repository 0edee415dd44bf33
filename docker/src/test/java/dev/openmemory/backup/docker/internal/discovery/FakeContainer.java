package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A container that exists in a test only. */
final class FakeContainer {
  private final String name;
  private final String image;
  private final Map<String, String> labels = new TreeMap<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<Mount> mounts = new ArrayList<>();
  private final Map<Integer, Container.Published> ports = new TreeMap<>();
  private final Map<String, String> addresses = new TreeMap<>();
  private String state = "running";
  private String workingDirectory = "/";

  private FakeContainer(String name, String image) {
    this.name = name;
    this.image = image;
  }

  static FakeContainer named(String name, String image) {
    return new FakeContainer(name, image);
  }

  /** As upstream's compose file has it. */
  static FakeContainer api(String project, String folder) {
    return named(project + "-openmemory-mcp-1", "mem0/openmemory-mcp")
        .in("/usr/src/openmemory")
        .service(project, "openmemory-mcp", folder);
  }

  /** As upstream's compose file has it. */
  static FakeContainer store(String project, String folder) {
    return named(project + "-mem0_store-1", "qdrant/qdrant:v1.18.3")
        .in("/qdrant")
        .service(project, "mem0_store", folder);
  }

  static FakeContainer ui(String project, String folder) {
    return named(project + "-openmemory-ui-1", "mem0/openmemory-ui:latest")
        .service(project, "openmemory-ui", folder);
  }

  FakeContainer service(String project, String service, String folder) {
    return label(DiscoveryInput.PROJECT_LABEL, project)
        .label(DiscoveryInput.SERVICE_LABEL, service)
        .label(DiscoveryInput.WORKING_DIR_LABEL, folder);
  }

  FakeContainer label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  FakeContainer environment(String key, String value) {
    environment.put(key, value);
    return this;
  }

  FakeContainer in(String folder) {
    workingDirectory = folder;
    return this;
  }

  FakeContainer state(String now) {
    state = now;
    return this;
  }

  FakeContainer bind(Object source, String destination) {
    mounts.add(new Mount(Mount.Kind.BIND, "", source.toString(), destination, true));
    return this;
  }

  FakeContainer volume(String volume, String destination) {
    return volume(volume, destination, true);
  }

  FakeContainer volume(String volume, String destination, boolean writable) {
    mounts.add(
        new Mount(Mount.Kind.VOLUME, volume, FakeEngine.mountpoint(volume), destination, writable));
    return this;
  }

  FakeContainer address(String network, String address) {
    addresses.put(network, address);
    return this;
  }

  FakeContainer published(int port, int onHost) {
    ports.put(port, new Container.Published("0.0.0.0", onHost));
    return this;
  }

  Container made() {
    return new Container(
        "1234567890abcdef" + name.hashCode(),
        name,
        image,
        "sha256:1",
        state,
        labels,
        environment,
        workingDirectory,
        mounts,
        ports,
        addresses,
        false);
  }
}
