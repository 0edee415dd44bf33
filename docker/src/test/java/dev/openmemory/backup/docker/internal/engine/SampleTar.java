package dev.openmemory.backup.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A tree with what is easily lost: hidden entries, odd modes, owners, links and times. Not in it: a
 * file with the set-user-id bit and two names, which loses that bit in engine 20.10.
 */
final class SampleTar {
  /** What {@link #list} says of a directory into which the sample was written. */
  static final Map<String, String> LISTED =
      new TreeMap<>(
          Map.of(
              "./", "d 3711 1234/4321 2019-01-02T03:04:05Z",
              "./.hidden", "f 0 1234/4321 2020-01-02T03:04:05Z .hidden",
              "./.folder/", "d 1700 0/0 2021-01-02T03:04:05Z",
              "./.folder/run", "f 751 99/98 2022-01-02T03:04:05Z .folder/run",
              "./suid", "f 6755 0/98 2022-01-02T03:04:05Z suid",
              "./.folder/zz", "h 751 99/98 2022-01-02T03:04:05Z ./.folder/run",
              "./link", "l 777 1234/4321 2023-01-02T03:04:05Z .folder/run",
              "./dangling", "l 777 0/0 2023-01-02T03:04:05Z /nowhere"));

  private SampleTar() {}

  static Path write(Path file) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      add(tar, "./", TarConstants.LF_DIR, 03711, 1234, 4321, 2019, "");
      add(tar, "./.hidden", TarConstants.LF_NORMAL, 0, 1234, 4321, 2020, ".hidden");
      add(tar, "./.folder/", TarConstants.LF_DIR, 01700, 0, 0, 2021, "");
      add(tar, "./.folder/run", TarConstants.LF_NORMAL, 0751, 99, 98, 2022, ".folder/run");
      add(tar, "./.folder/zz", TarConstants.LF_LINK, 0751, 99, 98, 2022, "./.folder/run");
      add(tar, "./suid", TarConstants.LF_NORMAL, 06755, 0, 98, 2022, "suid");
      add(tar, "./link", TarConstants.LF_SYMLINK, 0777, 1234, 4321, 2023, ".folder/run");
      add(tar, "./dangling", TarConstants.LF_SYMLINK, 0777, 0, 0, 2023, "/nowhere");
    }
    return file;
  }

  /** Name to type, mode, owner, time and text of each entry. */
  static Map<String, String> list(InputStream in) throws IOException {
    Map<String, String> listed = new TreeMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        listed.put(entry.getName(), describe(entry, tar));
      }
    }
    return listed;
  }

  private static String describe(TarArchiveEntry entry, InputStream content) throws IOException {
    String type =
        entry.isDirectory() ? "d" : entry.isSymbolicLink() ? "l" : entry.isLink() ? "h" : "f";
    String text =
        type.equals("f")
            ? new String(content.readAllBytes(), StandardCharsets.UTF_8)
            : entry.getLinkName();
    return (type
            + " "
            + Integer.toOctalString(entry.getMode() & 07777)
            + " "
            + entry.getLongUserId()
            + "/"
            + entry.getLongGroupId()
            + " "
            + entry.getLastModifiedTime().toInstant()
            + " "
            + text)
        .strip();
  }

  private static void add(
      TarArchiveOutputStream tar,
      String name,
      byte type,
      int mode,
      int uid,
      int gid,
      int year,
      String text)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    assertThat(entry.getName()).isEqualTo(name);
    entry.setMode(mode);
    entry.setIds(uid, gid);
    entry.setLastModifiedTime(FileTime.from(Instant.parse(year + "-01-02T03:04:05Z")));
    byte[] content = type == TarConstants.LF_NORMAL ? text.getBytes(StandardCharsets.UTF_8) : null;
    entry.setSize(content == null ? 0 : content.length);
    if (content == null) {
      entry.setLinkName(text);
    }
    tar.putArchiveEntry(entry);
    if (content != null) {
      tar.write(content);
    }
    tar.closeArchiveEntry();
  }
}
