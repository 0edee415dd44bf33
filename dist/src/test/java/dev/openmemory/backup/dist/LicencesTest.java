package dev.openmemory.backup.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicencesTest {
  private static final List<String> LISTED =
      List.of("", "with|1.0|MIT", "without|2.0|Apache-2.0", "other|3.0|Some Licence; MIT");

  @TempDir Path temp;
  private Path jars;
  private Path texts;
  private Path copies;
  private Licences licences;

  @BeforeEach
  void makeLicences() throws Exception {
    jars = Files.createDirectories(temp.resolve("lib"));
    texts = Files.createDirectories(temp.resolve("texts"));
    copies = temp.resolve("licences");
    Path apache = Files.writeString(temp.resolve("LICENSE"), "text of Apache");
    licences = new Licences(jars, texts, apache);
  }

  @Test
  void aJarKeepsItsLicenceAndItsNotice() throws Exception {
    jar("with-1.0.jar", "META-INF/LICENSE.txt", "META-INF/NOTICE");
    licences.copyTo(copies, LISTED);
    assertThat(copies.resolve("with-1.0/LICENSE.txt")).hasContent("META-INF/LICENSE.txt");
    assertThat(copies.resolve("with-1.0/NOTICE")).hasContent("META-INF/NOTICE");
    assertThat(copies.resolve("THIRD-PARTY.txt")).hasContent("with-1.0.jar: MIT");
  }

  @Test
  void aJarWithoutATextGetsTheOneOfItsLicenceOrOfItsProject() throws Exception {
    jar("without-2.0.jar", "META-INF/NOTICE");
    jar("other-3.0.jar");
    Files.writeString(texts.resolve("other.txt"), "text of other");
    licences.copyTo(copies, LISTED);
    assertThat(copies.resolve("without-2.0/LICENSE")).hasContent("text of Apache");
    assertThat(copies.resolve("other-3.0/LICENSE")).hasContent("text of other");
  }

  @Test
  void aJarWithoutAnyTextFailsTheBuild() throws Exception {
    jar("other-3.0.jar", "META-INF/NOTICE");
    assertThatThrownBy(() -> licences.copyTo(copies, LISTED)).hasMessageContaining("other-3.0");
  }

  @Test
  void aJarThatIsNotListedFailsTheBuild() throws Exception {
    jar("new-1.0.jar", "META-INF/LICENSE");
    assertThatThrownBy(() -> licences.copyTo(copies, LISTED)).hasMessageContaining("new-1.0.jar");
  }

  @Test
  void ourOwnJarsAreUnderTheLicenceOfTheWhole() throws Exception {
    jar("openmemory-backup-core-1.jar");
    licences.copyTo(copies, LISTED);
    assertThat(copies)
        .isDirectoryContaining("glob:**/THIRD-PARTY.txt")
        .isDirectoryNotContaining("glob:**/open*");
  }

  private void jar(String name, String... entries) throws Exception {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jars.resolve(name)))) {
      out.putNextEntry(new ZipEntry("Some.class"));
      for (String entry : entries) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(entry.getBytes(UTF_8));
      }
    }
  }
}
