package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.model.Info;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Whether an engine runs its containers on the kernel of this process and sees the same files. All
 * of this has to be so, and each rules out a case: it listens on a unix socket (another host), it
 * is not Docker Desktop (its socket is here, its containers are in a virtual machine), its name and
 * kernel release are ours (any other virtual machine, a forwarded socket), and its root directory
 * exists here (we are in a container that was given the socket and the name of the host). A
 * rootless engine has its root directory in a home, where it is found just so. In doubt the answer
 * is no.
 */
public final class HostIdentity {
  private static final Path KERNEL = Path.of("/proc/sys/kernel");

  private HostIdentity() {}

  public static boolean isThisHost(Endpoint endpoint, Info info) {
    String root = info.getDockerRootDir();
    return endpoint.socket().isPresent()
        && !Objects.requireNonNullElse(info.getOperatingSystem(), "").contains("Docker Desktop")
        && isKernel("hostname", info.getName())
        && isKernel("osrelease", info.getKernelVersion())
        && root != null
        && Files.isDirectory(Path.of(root));
  }

  public static boolean isPrivileged(Info info) {
    List<String> options = Objects.requireNonNullElse(info.getSecurityOptions(), List.of());
    return options.stream()
        .noneMatch(option -> option.contains("name=rootless") || option.contains("name=userns"));
  }

  private static boolean isKernel(String property, String value) {
    try {
      return Files.readString(KERNEL.resolve(property)).strip().equals(value);
    } catch (IOException e) {
      return false;
    }
  }
}
