package dev.openmemory.backup.sample;

import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.signature.SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Keys, and signatures of a message, which {@code ssh-keygen} of OpenSSH 9.2 has written. */
public record Signers(Path folder) {
  public Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      Files.write(file, bytes(name));
    }
    return file;
  }

  public static byte[] bytes(String name) throws IOException {
    try (InputStream in = Signers.class.getResourceAsStream("/signature/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  public SigningKey key(String name) throws IOException {
    return SigningKey.read(file(name));
  }

  /** A file that accepts the key of that name. */
  public Path allowedFile(String name) throws IOException {
    return Files.writeString(
        folder.resolve("allowed_" + name),
        "me@example.org " + Files.readString(file(name + ".pub")));
  }

  public AllowedSigners allowed(String name) throws IOException {
    return AllowedSigners.read(allowedFile(name));
  }
}
