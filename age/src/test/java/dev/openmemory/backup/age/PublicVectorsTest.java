package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import dev.openmemory.backup.testconditions.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The test vectors that the authors of the format publish, as their README explains them. */
@Tag("services")
class PublicVectorsTest {
  private static final String FOLDER = "AGE_TEST_VECTORS";

  /** Each expectation and our kind of failure for it. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "no match", Kind.WRONG_KEY,
          "HMAC failure", Kind.CORRUPT,
          "header failure", Kind.CORRUPT,
          "payload failure", Kind.CORRUPT,
          "armor failure", Kind.CORRUPT);

  /** For age a key that does not fit; here it is not even known what would. */
  private static final Set<String> OF_UNKNOWN_TYPE = Set.of("scrypt_uppercase", "x25519_lowercase");

  @TestFactory
  Stream<DynamicTest> eachVectorBehavesAsItStates() throws IOException {
    Requires.that(System.getenv(FOLDER) != null, "the test vectors of age, in " + FOLDER);
    try (Stream<Path> files = Files.list(Path.of(System.getenv(FOLDER)))) {
      List<Path> vectors = files.sorted().toList();
      assertThat(vectors).hasSize(143);
      return vectors.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }
  }

  private static void check(Path file) throws Exception {
    Vector vector = Vector.read(file);
    ByteArrayOutputStream released = new ByteArrayOutputStream();

    Throwable failure = catchThrowable(() -> vector.decryptTo(released));

    if (vector.isHybrid()) {
      assertThat(failure).isInstanceOf(BackupException.class);
      assertThat(((BackupException) failure).kind()).isIn(Kind.UNSUPPORTED, Kind.CORRUPT);
      return;
    }
    if (vector.value("expect").equals("success")) {
      assertThat(failure).isNull();
    } else {
      assertThat(failure).isInstanceOf(BackupException.class);
      Kind kind =
          OF_UNKNOWN_TYPE.contains(file.getFileName().toString())
              ? Kind.UNSUPPORTED
              : KINDS.get(vector.value("expect"));
      assertThat(((BackupException) failure).kind()).as(failure.toString()).isEqualTo(kind);
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(released.toByteArray());
    if (vector.value("payload").isEmpty()) {
      assertThat(released.size()).isZero();
    } else {
      assertThat(HexFormat.of().formatHex(digest)).isEqualTo(vector.value("payload"));
    }
  }

  private static final class Vector {
    private final Map<String, String> header = new HashMap<>();
    private final List<String> identities = new ArrayList<>();
    private final List<String> passphrases = new ArrayList<>();
    private byte[] file = new byte[0];

    static Vector read(Path path) throws IOException {
      String text = Files.readString(path, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\n\n");
      Vector vector = new Vector();
      text.substring(0, end).lines().forEach(vector::add);
      byte[] file = text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1);
      boolean compressed = vector.value("compressed").equals("zlib");
      vector.file =
          compressed
              ? new InflaterInputStream(new ByteArrayInputStream(file)).readAllBytes()
              : file;
      return vector;
    }

    private void add(String line) {
      int colon = line.indexOf(": ");
      String value = line.substring(colon + 2);
      switch (line.substring(0, colon)) {
        case "identity" -> identities.add(value);
        case "passphrase" -> passphrases.add(value);
        default -> header.put(line.substring(0, colon), value);
      }
    }

    String value(String name) {
      return header.getOrDefault(name, "");
    }

    boolean isHybrid() {
      return identities.stream().anyMatch(key -> key.startsWith("AGE-SECRET-KEY-PQ-"))
          || new String(file, StandardCharsets.ISO_8859_1).contains("mlkem768x25519");
    }

    void decryptTo(ByteArrayOutputStream released) throws IOException {
      List<KeyFile> keys = identities.stream().map(k -> new KeyFile("key", Secret.of(k))).toList();
      PassphraseQuestion question =
          passphrases.isEmpty() ? PassphraseQuestion.NONE : about -> Secret.of(passphrases.get(0));
      try (InputStream in =
          new AgeEncryptionScheme()
              .decryptor(keys, question)
              .decrypt(new ByteArrayInputStream(file), "vector")) {
        in.transferTo(released);
      }
    }
  }
}
