package dev.openmemory.backup.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatATerminalWouldActOnIsSpelledOut() {
    assertThat(Printable.of("a\u001b[31mb\u0007\u0000\u007f\u009b"))
        .isEqualTo("a\\u001b[31mb\\u0007\\u0000\\u007f\\u009b");
    assertThat(Printable.of("two\nlines\r\ttab")).isEqualTo("two\\nlines\\r\\ttab");
    assertThat(Printable.of("\u202egnp.exe\u2066\u200b\ufeff\u2028"))
        .isEqualTo("\\u202egnp.exe\\u2066\\u200b\\ufeff\\u2028");
    assertThat(Printable.of("\ud800 \udb40\udc41")).isEqualTo("\\ud800 \\udb40\\udc41");
  }

  @Test
  void aBackslashCannotBeTakenForOneOfOurs() {
    assertThat(Printable.of("\\n")).isEqualTo("\\\\n");
  }

  @Test
  void ordinaryTextOfAnyLanguageStays() {
    String text = "Ünïcödé 日本 \ud83d\ude00 \ud83d\udc69\u200d\ud83d\ude80 \u0645\u06cc\u200c\u062e";
    assertThat(Printable.of(text)).isEqualTo(text);
  }
}
