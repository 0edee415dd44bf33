package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.cli.command.key.KeyPage.PrivateKey;
import dev.openmemory.backup.spi.encryption.Secret;
import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;

/** In which form a {@link KeyPage} is printed. */
enum KeyPaper {
  /** A picture, which a browser prints. */
  SVG {
    @Override
    Secret of(KeyPage page) {
      StringBuilder shapes = new StringBuilder();
      int y = texts(shapes, LINE, page.heading());
      for (PrivateKey key : page.keys()) {
        y = code(shapes, y, key.code());
        y = texts(shapes, y, lines(key));
      }
      String size = "width=\"" + WIDTH + "\" height=\"" + y + "\"";
      return Secret.of(
          "<svg xmlns=\"http://www.w3.org/2000/svg\" "
              + size
              + ">\n<rect "
              + size
              + " fill=\"white\"/>\n"
              + shapes
              + "</svg>\n");
    }
  },
  /** Letters and blocks, for a printer that takes text; black on white. */
  TEXT {
    @Override
    Secret of(KeyPage page) {
      List<String> lines = new ArrayList<>(page.heading());
      for (PrivateKey key : page.keys()) {
        lines.addAll(blocks(key.code()));
        lines.addAll(lines(key));
      }
      return Secret.of(String.join("\n", lines) + "\n");
    }
  };

  /** Around a code, in modules, as its standard asks for (ISO/IEC 18004). */
  private static final int MARGIN = 4;

  private static final int MODULE = 5;
  private static final int LINE = 18;
  private static final int WIDTH = 700;

  /** The page in this form. */
  abstract Secret of(KeyPage page);

  private static List<String> lines(PrivateKey key) {
    List<String> lines = new ArrayList<>(key.text().lines().toList());
    lines.add("");
    return lines;
  }

  private static int texts(StringBuilder shapes, int top, List<String> lines) {
    int y = top;
    for (String line : lines) {
      shapes
          .append("<text x=\"20\" y=\"")
          .append(y)
          .append("\" font-family=\"monospace\" font-size=\"13\" xml:space=\"preserve\">")
          .append(line.replace("&", "&amp;").replace("<", "&lt;"))
          .append("</text>\n");
      y += LINE;
    }
    return y;
  }

  private static int code(StringBuilder shapes, int top, QrCode code) {
    shapes.append("<path d=\"");
    for (int row = 0; row < code.size; row++) {
      for (int column = 0; column < code.size; column++) {
        if (code.getModule(column, row)) {
          shapes
              .append('M')
              .append((column + MARGIN) * MODULE)
              .append(',')
              .append(top + (row + MARGIN) * MODULE)
              .append("h5v5h-5z");
        }
      }
    }
    shapes.append("\"/>\n");
    return top + (code.size + 2 * MARGIN) * MODULE;
  }

  /** Two rows of modules in each line. */
  private static List<String> blocks(QrCode code) {
    List<String> lines = new ArrayList<>();
    for (int row = -MARGIN; row < code.size + MARGIN; row += 2) {
      StringBuilder line = new StringBuilder();
      for (int column = -MARGIN; column < code.size + MARGIN; column++) {
        boolean upper = code.getModule(column, row);
        boolean lower = code.getModule(column, row + 1);
        line.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
