package dev.openmemory.backup.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher of a clone that is built, and of a distribution, with a program that prints what it
 * was started with as Java.
 */
@Tag("services")
class LauncherTest {
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir Path temp;
  private Path launcher;
  private Path app;

  @BeforeEach
  void installBuiltClone() throws Exception {
    Requires.that(Files.isExecutable(Path.of("/usr/bin/locale")), "the program 'locale'");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    launcher = copyInto(temp.resolve("cli/bin"), "openmemory-backup");
    copyInto(temp.resolve("cli/bin"), "build-clone");
    app = Files.createDirectories(temp.resolve("cli/target/app"));
    Files.writeString(app.resolve("built"), "");
    Files.writeString(temp.resolve("release"), "JAVA_VERSION=\"17.0.99\"\n");
    Path java = Files.createDirectories(temp.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"LC_ALL=${LC_ALL:-}\" \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void javaGetsUtf8WhereTheLocaleHasAsciiOnly() throws Exception {
    assertThat(launch(List.of(), Map.of())).startsWith("LC_ALL=C.UTF-8 ");
    assertThat(launch(List.of(), Map.of("LC_ALL", "POSIX"))).startsWith("LC_ALL=C.UTF-8 ");
    assertThat(launch(List.of(), Map.of("LANG", "xx_XX.UTF-8"))).startsWith("LC_ALL=C.UTF-8 ");
  }

  @Test
  void aLocaleWithOtherLettersStays() throws Exception {
    assertThat(launch(List.of(), Map.of("LANG", "C.utf8"))).startsWith("LC_ALL= ");
  }

  @Test
  void whatReadsLittleStartsWithTheCompilerThatStartsFast() throws Exception {
    assertThat(launch(List.of(), Map.of(), "list")).contains(" -XX:TieredStopAtLevel=1 ");
    assertThat(launch(List.of(), Map.of(), "backup"))
        .doesNotContain("TieredStopAtLevel")
        .contains(" -XX:Tier4InvocationThreshold=50000 ");
  }

  @Test
  void java25UsesAnArchiveOfItsOwnKind() throws Exception {
    assertThat(launch(List.of(), Map.of()))
        .contains(" -XX:SharedArchiveFile=" + app.resolve("archives"));
    Files.writeString(temp.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    assertThat(launch(List.of(), Map.of()))
        .contains(" -XX:AOTCache=" + app.resolve("archives/classes-25.0.1.aot"));
  }

  @Test
  void theArchiveIsRecordedByABackupOfWhichTheStoreFails() throws Exception {
    Path java = temp.resolve("bin/java");
    String record = "#!/bin/sh\nfor option; do case $option in -XX:ArchiveClassesAtExit=*)";
    String recorded =
        " echo \"$*\" >\"${option#*=}\"; exit \"$(cat "
            + temp.resolve("code")
            + ")\";; esac; done\n";
    Files.writeString(java, record + recorded);
    Path archive = app.resolve("archives/classes-17.0.99.jsa");
    for (int code : new int[] {0, 3, 1}) {
      Files.deleteIfExists(archive);
      Files.writeString(temp.resolve("code"), Integer.toString(code));
      launch(List.of(), Map.of());
      String training = Files.readString(archive);
      if (code == 1) {
        assertThat(training).isEmpty();
      } else {
        assertThat(training).contains(" backup ").contains(" --target s3://").contains(":0\n");
      }
    }
  }

  @Test
  void aUserWithoutRightsInTheInstallationStartsItAfterAnUpdateOfJava() throws Exception {
    Requires.that("root".equals(System.getProperty("user.name")), "root");
    assertThat(launch(AS_NOBODY, Map.of())).endsWith(" list");
    assertThat(app.resolve("archives")).doesNotExist();
  }

  @Test
  void aSourceThatIsNewerThanABuildOfAnotherUserIsNamedInOneLine() throws Exception {
    Requires.that("root".equals(System.getProperty("user.name")), "root");
    Files.delete(app.resolve("built"));
    assertThat(launch(AS_NOBODY, Map.of()))
        .hasLineCount(1)
        .contains("you may not write to " + app.getParent());
  }

  @Test
  void aDistributionIsStartedFromItsOwnFolderAndNeverBuilt() throws Exception {
    Path unpacked = distribution();
    assertThat(launch(List.of(), Map.of()))
        .contains(" -XX:SharedArchiveFile=" + unpacked.resolve("archives"))
        .contains(" -Dopenmemory.launcher=" + launcher)
        .contains(" -cp " + unpacked.resolve("lib/*") + " ");
  }

  @Test
  void aLinkFromAFolderOnThePathStartsIt() throws Exception {
    Path unpacked = distribution();
    launcher = Files.createSymbolicLink(temp.resolve("link"), launcher);
    assertThat(launch(List.of(), Map.of())).contains(" -cp " + unpacked.resolve("lib/*") + " ");
  }

  @Test
  void aDistributionWithAJavaOfItsOwnTakesNoOther() throws Exception {
    Path runtime = distribution().resolve("runtime");
    Path java = Files.createDirectories(runtime.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"own $*\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(runtime.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    assertThat(launch(List.of(), Map.of("JAVA_HOME", "/nonexistent")))
        .startsWith("own ")
        .contains("classes-25.0.1.aot");
  }

  /** Becomes what is launched; the name has a blank. */
  private Path distribution() throws Exception {
    Path unpacked = temp.toRealPath().resolve("openmemory backup");
    launcher = copyInto(unpacked.resolve("bin"), "openmemory-backup");
    return unpacked;
  }

  private static Path copyInto(Path folder, String name) throws Exception {
    Files.createDirectories(folder);
    return Files.copy(
        Path.of("bin", name), folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private String launch(List<String> as, Map<String, String> environment) throws Exception {
    return launch(as, environment, "list");
  }

  private String launch(List<String> as, Map<String, String> environment, String wanted)
      throws Exception {
    List<String> command = new ArrayList<>(as);
    command.addAll(List.of(launcher.toString(), wanted));
    ProcessBuilder run = new ProcessBuilder(command).redirectErrorStream(true);
    run.environment().keySet().removeIf(name -> !name.equals("PATH"));
    run.environment().put("JAVA_HOME", temp.toString());
    run.environment().putAll(environment);
    Process process = run.start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return text;
  }
}
