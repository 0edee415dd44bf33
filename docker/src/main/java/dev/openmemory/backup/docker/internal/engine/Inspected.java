package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ContainerMount;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.NetworkSettings;
import com.github.dockerjava.api.model.Ports;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the engine says about a container or volume, in our terms. */
final class Inspected {
  private Inspected() {}

  static Container container(InspectContainerResponse raw) {
    ContainerConfig config = raw.getConfig();
    String name = text(raw.getName());
    String directory = text(config.getWorkingDir());
    return new Container(
        raw.getId(),
        name.startsWith("/") ? name.substring(1) : name,
        text(config.getImage()),
        text(raw.getImageId()),
        text(raw.getState().getStatus()),
        map(config.getLabels()),
        environment(config.getEnv()),
        directory.isEmpty() ? "/" : directory,
        mounts(raw),
        ports(raw.getNetworkSettings()),
        addresses(raw.getNetworkSettings()),
        raw.getHostConfig() != null && Boolean.TRUE.equals(raw.getHostConfig().getAutoRemove()));
  }

  /** What a list says, which has no environment. */
  static Container listed(com.github.dockerjava.api.model.Container raw) {
    String[] names = raw.getNames();
    List<ContainerMount> mounts = raw.getMounts();
    return new Container(
        raw.getId(),
        names == null || names.length == 0 ? raw.getId() : names[0].replaceFirst("^/", ""),
        text(raw.getImage()),
        text(raw.getImageId()),
        text(raw.getState()),
        map(raw.getLabels()),
        Map.of(),
        "/",
        mounts == null ? List.of() : mounts.stream().map(Inspected::mount).toList(),
        Map.of(),
        Map.of(),
        false);
  }

  private static Mount mount(ContainerMount raw) {
    Mount.Kind kind = text(raw.getName()).isEmpty() ? Mount.Kind.BIND : Mount.Kind.VOLUME;
    return new Mount(
        kind,
        text(raw.getName()),
        text(raw.getSource()),
        text(raw.getDestination()),
        Boolean.TRUE.equals(raw.getRw()));
  }

  static Volume volume(InspectVolumeResponse raw) {
    return new Volume(
        raw.getName(),
        text(raw.getDriver()),
        text(raw.getMountpoint()),
        map(raw.getLabels()),
        map(raw.getOptions()));
  }

  private static Map<String, String> environment(String @Nullable [] lines) {
    Map<String, String> environment = new HashMap<>();
    for (String line : lines == null ? new String[0] : lines) {
      int at = line.indexOf('=');
      if (at > 0) {
        environment.put(line.substring(0, at), line.substring(at + 1));
      }
    }
    return environment;
  }

  /** From the raw answer: docker-java does not keep the type. */
  private static List<Mount> mounts(InspectContainerResponse raw) {
    return raw.getRawValues().get("Mounts") instanceof List<?> mounts
        ? mounts.stream()
            .filter(Map.class::isInstance)
            .map(Map.class::cast)
            .map(Inspected::mount)
            .toList()
        : List.of();
  }

  private static Mount mount(Map<?, ?> raw) {
    Mount.Kind kind =
        switch (text(raw.get("Type"))) {
          case "bind" -> Mount.Kind.BIND;
          case "volume" -> Mount.Kind.VOLUME;
          default -> Mount.Kind.OTHER;
        };
    return new Mount(
        kind,
        kind == Mount.Kind.VOLUME ? text(raw.get("Name")) : "",
        text(raw.get("Source")),
        text(raw.get("Destination")),
        Boolean.TRUE.equals(raw.get("RW")));
  }

  private static Map<Integer, Container.Published> ports(@Nullable NetworkSettings network) {
    Map<Integer, Container.Published> published = new HashMap<>();
    Ports ports = network == null ? null : network.getPorts();
    if (ports != null) {
      ports.getBindings().forEach((port, bindings) -> add(published, port, bindings));
    }
    return published;
  }

  private static void add(
      Map<Integer, Container.Published> published,
      ExposedPort port,
      Ports.Binding @Nullable [] bindings) {
    if (bindings == null || port.getProtocol() != InternetProtocol.TCP) {
      return;
    }
    for (Ports.Binding binding : bindings) {
      String spec = text(binding.getHostPortSpec());
      if (spec.matches("\\d{1,5}")) {
        String address = text(binding.getHostIp());
        published.putIfAbsent(
            port.getPort(),
            new Container.Published(
                address.isEmpty() ? "0.0.0.0" : address, Integer.parseInt(spec)));
      }
    }
  }

  private static Map<String, String> addresses(@Nullable NetworkSettings network) {
    Map<String, String> addresses = new LinkedHashMap<>();
    if (network != null && network.getNetworks() != null) {
      network.getNetworks().forEach((name, in) -> addresses.put(name, text(in.getIpAddress())));
    }
    return addresses;
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }

  private static Map<String, String> map(@Nullable Map<String, String> values) {
    Map<String, String> map = new HashMap<>();
    if (values != null) {
      values.forEach((key, value) -> map.put(key, text(value)));
    }
    return map;
  }
}
