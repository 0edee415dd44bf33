package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.internal.target.Waiter;
import dev.openmemory.backup.testconditions.Requires;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes images, containers and volumes on the engine of this machine, and removes them again. */
final class RealEngine implements Closeable {
  private static final Path SOCKET = Path.of("/var/run/docker.sock");
  private static final Path BUSYBOX = Path.of("/usr/bin/busybox");

  private final DockerHttpClient transport;
  private final DockerClient client;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private String image = "";

  RealEngine() throws IOException {
    Requires.that(Files.isReadable(SOCKET) && Files.isWritable(SOCKET), "a Docker engine");
    URI uri = URI.create("unix://" + SOCKET);
    transport = new ZerodepDockerHttpClient.Builder().dockerHost(uri).build();
    client =
        DockerClientImpl.getInstance(
            new DefaultDockerClientConfig.Builder().withDockerHost(uri.toString()).build(),
            transport);
    Requires.that(answers(), "a Docker engine");
  }

  DockerEngine connect() throws IOException {
    return DockerEngine.connect(Endpoint.parse("unix://" + SOCKET));
  }

  /** Over what ssh would run on the host of the engine. */
  DockerEngine connectAsOverSsh() throws IOException {
    List<String> ssh = List.of("sh", "-c", "exec docker system dial-stdio", "ssh");
    return DockerEngine.connect(Endpoint.parse("ssh://far"), ssh, System::nanoTime, Waiter.SLEEP);
  }

  DockerClient client() {
    return client;
  }

  /** A name that is used nowhere else. */
  static String name() {
    return "openmemory-backup-test-" + UUID.randomUUID();
  }

  /** A new volume; the options may be empty. */
  String volume(Map<String, String> options) {
    String name = name();
    undo.push(() -> client.removeVolumeCmd(name).exec());
    client.createVolumeCmd().withName(name).withDriver("local").withDriverOpts(options).exec();
    return name;
  }

  /** An image with a shell, made once. */
  String image() throws IOException {
    if (image.isEmpty()) {
      Requires.that(Files.isExecutable(BUSYBOX), "a static busybox");
      String name = name() + ":1";
      ImageImport.run(transport, name, root());
      image = name;
    }
    return image;
  }

  /** A container of that image that was not started. */
  String container(String image, List<String> binds, Consumer<CreateContainerCmd> more) {
    String name = name();
    undo.push(() -> client.removeContainerCmd(name).withForce(true).exec());
    CreateContainerCmd create =
        client
            .createContainerCmd(image)
            .withName(name)
            .withCmd("sleep", "1000")
            .withEnv("SECRET=hidden")
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withNetworkMode("none")
                    .withBinds(
                        binds.stream().map(com.github.dockerjava.api.model.Bind::parse).toList()));
    more.accept(create);
    create.exec();
    return name;
  }

  String status(String container) {
    return String.valueOf(client.inspectContainerCmd(container).exec().getState().getStatus());
  }

  /** All but the image, which serves the next test too. */
  void removeAll() {
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (NotFoundException e) {
        // The test removed it.
      }
    }
  }

  @Override
  public void close() throws IOException {
    removeAll();
    if (!image.isEmpty()) {
      client.removeImageCmd(image).withForce(true).exec();
    }
    client.close();
  }

  private boolean answers() {
    try {
      client.pingCmd().exec();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static byte[] root() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry busybox = new TarArchiveEntry("bin/busybox");
      busybox.setMode(0755);
      byte[] program = Files.readAllBytes(BUSYBOX);
      busybox.setSize(program.length);
      tar.putArchiveEntry(busybox);
      tar.write(program);
      tar.closeArchiveEntry();
      for (String name : new String[] {"sh", "sleep", "rm"}) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + name, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      TarArchiveEntry data = new TarArchiveEntry("data/", TarConstants.LF_DIR);
      data.setIds(1234, 4321);
      data.setMode(02750);
      tar.putArchiveEntry(data);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }
}
