package dev.openmemory.backup.benchmarks;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Our S3 target as a program that stores its standard input, or gives it back. */
final class S3Transfer {
  static final String UPLOAD = "upload";
  static final String DOWNLOAD = "download";
  static final ObjectName NAME = new ObjectName("object");

  private S3Transfer() {}

  /** Arguments: which way, endpoint. */
  public static void main(String[] args) throws IOException {
    try (BackupTarget target = open(args[1])) {
      if (args[0].equals(UPLOAD)) {
        try (InputStream in = new FileInputStream(FileDescriptor.in)) {
          target.write(NAME, out -> Pump.copy(in, out), WriteOptions.CREATE_ONLY);
        }
      } else {
        try (InputStream in = target.read(NAME, 0);
            OutputStream out = new FileOutputStream(FileDescriptor.out)) {
          Pump.copy(in, out);
        }
      }
    }
  }

  static BackupTarget open(String endpoint) throws BackupException {
    return BackupTargets.open(
        "s3://" + VersityGateway.BUCKET + "/backups", Map.of("endpoint", endpoint));
  }
}
