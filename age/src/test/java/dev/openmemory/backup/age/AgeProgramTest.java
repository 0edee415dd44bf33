package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import dev.openmemory.backup.testconditions.JavaCommand;
import dev.openmemory.backup.testconditions.Requires;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs age and age-keygen open what we write, and the reverse. */
@Tag("services")
class AgeProgramTest {
  private static final AgeEncryptionScheme AGE = new AgeEncryptionScheme();
  private static final String PASSPHRASE = "correct horse battery";
  private static final int CHUNK = 64 * 1024;
  private static final long LARGE = 4L << 30;

  @TempDir Path folder;

  @BeforeEach
  void needsTheProgram() {
    boolean present =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(Path::of)
            .anyMatch(bin -> Files.isExecutable(bin.resolve("age-keygen")));
    Requires.that(present, "age, age-keygen");
  }

  @Test
  void ageOpensWhatWeEncryptToOneAndToSeveralKeysOfAnySize() throws Exception {
    KeyFile ours = ourKey("ours.key");
    KeyFile theirs = theirKey("theirs.key");
    Encryptor one = AgeFiles.to(ours);
    Encryptor both = AGE.encryptor(List.of(AgeFiles.recipient(ours), AgeFiles.recipient(theirs)));

    for (int size : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1}) {
      byte[] plain = AgeFiles.bytes(size);
      Files.write(folder.resolve("one"), AgeFiles.encrypted(one, plain));
      Files.write(folder.resolve("both"), AgeFiles.encrypted(both, plain));

      assertThat(run("age", "-d", "-i", "ours.key", "one")).isEqualTo(plain);
      assertThat(run("age", "-d", "-i", "ours.key", "both")).isEqualTo(plain);
      assertThat(run("age", "-d", "-i", "theirs.key", "both")).isEqualTo(plain);
    }
  }

  @Test
  void weOpenWhatAgeEncryptsToOneAndToSeveralKeysOfAnySizeAlsoInArmor() throws Exception {
    KeyFile ours = ourKey("ours.key");
    KeyFile theirs = theirKey("theirs.key");
    String[] toBoth = {"-r", AgeFiles.recipient(ours), "-r", AgeFiles.recipient(theirs), "plain"};

    for (int size : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1}) {
      byte[] plain = Files.readAllBytes(Files.write(folder.resolve("plain"), AgeFiles.bytes(size)));
      byte[] one = run("age", "-r", AgeFiles.recipient(ours), "plain");
      byte[] both = run("age", toBoth);
      byte[] armored = run("age", joined("-a", toBoth));

      assertThat(AgeFiles.decrypted(AgeFiles.by(ours), one)).isEqualTo(plain);
      for (byte[] encrypted : List.of(both, armored)) {
        assertThat(AgeFiles.decrypted(AgeFiles.by(ours), encrypted)).isEqualTo(plain);
        assertThat(AgeFiles.decrypted(AgeFiles.by(theirs), encrypted)).isEqualTo(plain);
      }
    }
  }

  @Test
  void passphrasesAreTheSame() throws Exception {
    byte[] plain = Files.readAllBytes(Files.write(folder.resolve("plain"), AgeFiles.bytes(100)));
    Files.write(
        folder.resolve("ours.age"),
        AgeFiles.encrypted(AGE.encryptor(Secret.of(PASSPHRASE)), plain));

    onTerminal("age -d -o back ours.age");
    onTerminal("age -p -o theirs.age plain");
    onTerminal("age -p -a -o armored.age plain");

    assertThat(folder.resolve("back")).hasBinaryContent(plain);
    for (String theirs : List.of("theirs.age", "armored.age")) {
      byte[] encrypted = Files.readAllBytes(folder.resolve(theirs));
      assertThat(
              AgeFiles.decrypted(
                  AGE.decryptor(List.of(), about -> Secret.of(PASSPHRASE)), encrypted))
          .isEqualTo(plain);
    }
  }

  @Test
  void protectedKeyFilesAreTheSame() throws Exception {
    KeyFile ours = ourKey("ours.key");
    KeyFiles.write(
        folder.resolve("ours.locked"), AGE.protect(ours.content(), Secret.of(PASSPHRASE)));
    byte[] encrypted = AgeFiles.encrypted(AgeFiles.to(ours), AgeFiles.bytes(100));
    Files.write(folder.resolve("encrypted"), encrypted);

    onTerminal("age -d -i ours.locked -o back encrypted");
    onTerminal("age -p -o theirs.locked ours.key");
    onTerminal("age -p -a -o armored.locked ours.key");

    assertThat(folder.resolve("back")).hasBinaryContent(AgeFiles.bytes(100));
    for (String theirs : List.of("theirs.locked", "armored.locked")) {
      KeyFile locked = KeyFiles.read(folder.resolve(theirs));
      assertThat(
              AgeFiles.decrypted(
                  AGE.decryptor(List.of(locked), about -> Secret.of(PASSPHRASE)), encrypted))
          .isEqualTo(AgeFiles.bytes(100));
    }
  }

  @Test
  void ageKeygenReadsOurKeyFilesAndWeReadIts() throws Exception {
    KeyFile ours = ourKey("ours.key");
    KeyFile theirs = theirKey("theirs.key");

    assertThat(text(run("age-keygen", "-y", "ours.key"))).isEqualTo(AgeFiles.recipient(ours));
    assertThat(AgeFiles.recipient(theirs)).isEqualTo(text(run("age-keygen", "-y", "theirs.key")));
  }

  @Test
  void fourGibibytesPassBothWaysThroughAHeapOf64MiB() throws Exception {
    KeyFile ours = ourKey("ours.key");
    List<String> heap = List.of("-Xmx64m");
    List<ProcessBuilder> out =
        List.of(
            process(JavaCommand.of(Writes.class, heap, folder.resolve("ours.key"))),
            process(List.of("age", "-d", "-i", "ours.key")),
            process(JavaCommand.of(Checks.class, heap)));
    List<ProcessBuilder> in =
        List.of(
            process(JavaCommand.of(Produces.class, heap)),
            process(List.of("age", "-r", AgeFiles.recipient(ours))),
            process(JavaCommand.of(Reads.class, heap, folder.resolve("ours.key"))));

    for (List<ProcessBuilder> pipeline : List.of(out, in)) {
      pipeline.get(2).redirectOutput(Redirect.DISCARD);
      for (Process process : ProcessBuilder.startPipeline(pipeline)) {
        assertThat(process.waitFor()).as(folder.resolve("errors").toString()).isZero();
      }
    }
  }

  private KeyFile ourKey(String name) throws Exception {
    KeyFiles.write(folder.resolve(name), AgeFiles.newKey().content());
    return KeyFiles.read(folder.resolve(name));
  }

  private KeyFile theirKey(String name) throws Exception {
    run("age-keygen", "-o", name);
    return KeyFiles.read(folder.resolve(name));
  }

  /** age asks for passphrases on a terminal only. */
  private void onTerminal(String command) throws Exception {
    Process process = process(List.of("script", "-qec", command, "/dev/null")).start();
    try (OutputStream typed = process.getOutputStream()) {
      typed.write((PASSPHRASE + "\n" + PASSPHRASE + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String shown = text(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(shown).isZero();
  }

  private byte[] run(String program, String... arguments) throws Exception {
    Process process = process(List.of(joined(program, arguments))).start();
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(() -> text(contentOf(folder.resolve("errors")))).isZero();
    return out;
  }

  private ProcessBuilder process(List<String> command) {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(Redirect.appendTo(folder.resolve("errors").toFile()));
  }

  private static byte[] contentOf(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] joined(String first, String... others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private static void produce(OutputStream out) throws IOException {
    byte[] block = AgeFiles.bytes(1 << 20);
    for (long written = 0; written < LARGE; written += block.length) {
      block[0] = (byte) (written >> 20);
      out.write(block);
    }
  }

  private static void check(InputStream in) throws IOException {
    byte[] block = AgeFiles.bytes(1 << 20);
    for (long read = 0; read < LARGE; read += block.length) {
      block[0] = (byte) (read >> 20);
      if (!Arrays.equals(in.readNBytes(block.length), block)) {
        throw new IllegalStateException("other bytes at " + read);
      }
    }
    if (in.read() >= 0) {
      throw new IllegalStateException("more bytes");
    }
  }

  /** Runs in a process of its own. */
  static final class Writes {
    private Writes() {}

    public static void main(String[] args) throws IOException {
      AgeFiles.to(KeyFiles.read(Path.of(args[0])))
          .encrypt(AgeProgramTest::produce, standardOutput());
    }
  }

  /** Runs in a process of its own. */
  static final class Reads {
    private Reads() {}

    public static void main(String[] args) throws IOException {
      KeyFile key = KeyFiles.read(Path.of(args[0]));
      check(AGE.decryptor(List.of(key), PassphraseQuestion.NONE).decrypt(System.in, "it"));
    }
  }

  /** Runs in a process of its own. */
  static final class Produces {
    private Produces() {}

    public static void main(String[] args) throws IOException {
      produce(standardOutput());
    }
  }

  /** Runs in a process of its own. */
  static final class Checks {
    private Checks() {}

    public static void main(String[] args) throws IOException {
      check(System.in);
    }
  }

  private static OutputStream standardOutput() {
    return new FileOutputStream(FileDescriptor.out);
  }
}
