package dev.openmemory.backup.cli.command.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages for paper are read by a reader of QR codes that is not the library that made them. */
class KeyPageTest {
  private static final Pattern SVG_MODULE = Pattern.compile("M(\\d+),(\\d+)h5v5h-5z");
  private static final int WHITE = 0xffffff;

  @TempDir Path folder;
  private Path file;
  private String key;

  @BeforeEach
  void make() throws IOException {
    file = folder.resolve("backup.key");
    assertThat(CommandLineRun.of("key", "generate", "-o", file.toString()).exitCode()).isZero();
    key = Files.readString(file).lines().filter(l -> !l.startsWith("#")).findFirst().orElseThrow();
  }

  private CommandLineRun show(Path keys, Path page) {
    return CommandLineRun.of("key", "show", keys.toString(), "--qr", page.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.svg", "page.txt"})
  void theCodeOnThePageIsThePrivateKeyAndSoAreTheLetters(String name) throws Exception {
    Path page = folder.resolve(name);

    CommandLineRun run = show(file, page);

    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.text()).doesNotContain(key);
    assertThat(run.out()).containsPattern("^age1[a-z0-9]{58}\n$");
    assertThat(Files.getPosixFilePermissions(page))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    String text = Files.readString(page);
    assertThat(text).contains(key, run.out().strip());
    assertThat(decoded(name.endsWith(".svg") ? ofSvg(text) : ofBlocks(text))).isEqualTo(key);
  }

  @Test
  void aFileThatAPassphraseProtectsStaysProtectedOnThePage() throws Exception {
    String armored =
        "-----BEGIN AGE ENCRYPTED FILE-----\n"
            + "YWdlLWVuY3J5cHRpb24ub3Jn\n".repeat(14)
            + "-----END AGE ENCRYPTED FILE-----";

    KeyPage page = KeyPage.of(Secret.of(armored + "\n"), List.of("age1public"), "a.key");

    assertThat(decoded(ofBlocks(KeyPaper.TEXT.of(page).text()))).isEqualTo(armored);
    assertThat(decoded(ofSvg(KeyPaper.SVG.of(page).text()))).isEqualTo(armored);
    assertThat(page.toString()).doesNotContain("YWdl");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3000})
  void whatFitsIntoNoCodeIsRefusedAndNotQuoted(int length) {
    String file = length == 1 ? "age-encryption.org/v1\n\u0001" : "A".repeat(length) + "a";

    assertThatThrownBy(() -> KeyPage.of(Secret.of(file), List.of(), "a.key"))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("a.key")
        .hasMessageNotContaining("AAA");
  }

  @Test
  void otherNamesAndPagesThatAreThereAreRefused() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken.svg"), "mine");

    assertThat(show(file, folder.resolve("page.pdf")).exitCode()).isEqualTo(2);
    assertThat(show(file, taken).text()).contains("exists already", "Name another one");

    assertThat(taken).hasContent("mine");
    assertThat(folder.resolve("page.pdf")).doesNotExist();
  }

  private static boolean[][] ofSvg(String svg) {
    boolean[][] image = new boolean[1500][700];
    Matcher modules = SVG_MODULE.matcher(svg);
    while (modules.find()) {
      int left = Integer.parseInt(modules.group(1));
      int top = Integer.parseInt(modules.group(2));
      for (int y = top; y < top + 5; y++) {
        Arrays.fill(image[y], left, left + 5, true);
      }
    }
    return image;
  }

  /** Each block has two modules, which become squares of four dots. */
  private static boolean[][] ofBlocks(String text) {
    List<String> lines =
        text.lines().filter(line -> line.isEmpty() || line.matches("[ █▀▄]+")).toList();
    boolean[][] image = new boolean[lines.size() * 8 + 64][1000];
    for (int row = 0; row < lines.size(); row++) {
      for (int column = 0; column < lines.get(row).length(); column++) {
        char block = lines.get(row).charAt(column);
        for (int y = 0; y < 8; y++) {
          boolean dark = block == '█' || block == (y < 4 ? '▀' : '▄');
          Arrays.fill(image[row * 8 + y + 32], column * 4, column * 4 + 4, dark);
        }
      }
    }
    return image;
  }

  private static String decoded(boolean[][] image) throws Exception {
    int width = image[0].length;
    int[] pixels = new int[width * image.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = image[i / width][i % width] ? 0 : WHITE;
    }
    BinaryBitmap bitmap =
        new BinaryBitmap(
            new GlobalHistogramBinarizer(new RGBLuminanceSource(width, image.length, pixels)));
    return new QRCodeReader()
        .decode(
            bitmap,
            Map.of(
                DecodeHintType.TRY_HARDER,
                true,
                DecodeHintType.POSSIBLE_FORMATS,
                List.of(BarcodeFormat.QR_CODE)))
        .getText();
  }
}
