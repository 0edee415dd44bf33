package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the file system knows about one file, links not followed. Equal as long as no program
 * touched the file.
 *
 * @param kind null for what is neither a file nor a directory nor a symbolic link
 * @param mode the permission bits
 * @param size in bytes; 0 unless it is a regular file
 * @param links the number of its names
 */
record FileStat(
    @Nullable Kind kind,
    int mode,
    long uid,
    long gid,
    String user,
    String group,
    long size,
    FileTime modified,
    int links,
    long device,
    long inode) {

  enum Kind {
    FILE,
    DIRECTORY,
    SYMBOLIC_LINK
  }

  private static final int TYPE = 0170000;

  static FileStat of(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? ofUnix(path)
        : ofOthers(path);
  }

  private static FileStat ofUnix(Path path) throws IOException {
    Map<String, Object> all =
        Files.readAttributes(
            path,
            "unix:mode,uid,gid,owner,group,size,lastModifiedTime,nlink,dev,ino",
            LinkOption.NOFOLLOW_LINKS);
    int mode = number(all, "mode").intValue();
    Kind kind =
        switch (mode & TYPE) {
          case 0100000 -> Kind.FILE;
          case 0040000 -> Kind.DIRECTORY;
          case 0120000 -> Kind.SYMBOLIC_LINK;
          default -> null;
        };
    return new FileStat(
        kind,
        mode & 07777,
        Integer.toUnsignedLong(number(all, "uid").intValue()),
        Integer.toUnsignedLong(number(all, "gid").intValue()),
        String.valueOf(all.get("owner")),
        String.valueOf(all.get("group")),
        kind == Kind.FILE ? number(all, "size").longValue() : 0,
        time(all),
        number(all, "nlink").intValue(),
        number(all, "dev").longValue(),
        number(all, "ino").longValue());
  }

  private static FileStat ofOthers(Path path) throws IOException {
    BasicFileAttributes all =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Kind kind =
        all.isRegularFile()
            ? Kind.FILE
            : all.isDirectory() ? Kind.DIRECTORY : all.isSymbolicLink() ? Kind.SYMBOLIC_LINK : null;
    return new FileStat(
        kind,
        kind == Kind.DIRECTORY ? 0755 : 0644,
        0,
        0,
        "",
        "",
        kind == Kind.FILE ? all.size() : 0,
        all.lastModifiedTime(),
        1,
        0,
        0);
  }

  private static Number number(Map<String, Object> all, String name) {
    return (Number) Objects.requireNonNull(all.get(name));
  }

  private static FileTime time(Map<String, Object> all) {
    return (FileTime) Objects.requireNonNull(all.get("lastModifiedTime"));
  }
}
