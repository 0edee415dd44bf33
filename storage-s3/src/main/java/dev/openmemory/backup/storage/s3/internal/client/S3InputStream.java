package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reads one answer of the store to its end; failures are ours. */
public final class S3InputStream extends BlockInputStream {
  private static final int PARTIAL = 206;
  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final S3Operation operation;
  private final ResponseInputStream<GetObjectResponse> answer;
  private boolean ended;

  private S3InputStream(S3Operation operation, ResponseInputStream<GetObjectResponse> answer) {
    this.operation = operation;
    this.answer = answer;
  }

  /** The answer from that byte of the object on, also of a store that ignores ranges. */
  public static S3InputStream from(
      S3Operation operation, ResponseInputStream<GetObjectResponse> answer, long offset)
      throws IOException {
    S3InputStream in = new S3InputStream(operation, answer);
    try {
      in.beginAt(offset);
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void beginAt(long offset) throws IOException {
    GetObjectResponse facts = answer.response();
    if (facts.sdkHttpResponse().statusCode() == PARTIAL) {
      String range = Objects.requireNonNullElse(facts.contentRange(), "");
      Matcher bytes = RANGE.matcher(range);
      boolean wanted =
          bytes.matches()
              && Long.parseLong(bytes.group(1)) == offset
              && (bytes.group(3).equals("*")
                  || Long.parseLong(bytes.group(2)) + 1 == Long.parseLong(bytes.group(3)));
      if (!wanted) {
        throw operation.failure(
            Kind.FAILED,
            "the store was asked for all bytes from "
                + offset
                + " on and sent '"
                + Finding.tidy(range)
                + "'");
      }
    } else if (offset > 0) {
      skip(offset, facts.contentLength());
    }
  }

  private void skip(long offset, @Nullable Long size) throws IOException {
    try {
      skipNBytes(offset);
    } catch (EOFException e) {
      throw operation.failure(
          Kind.INVALID, "offset " + offset + " is outside of " + size + " bytes");
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    operation.checkInterrupt();
    try {
      int count = answer.read(bytes, offset, length);
      ended |= count < 0;
      return count;
    } catch (IOException e) {
      throw operation.failure(e);
    } catch (SdkException e) {
      throw operation.failure(e);
    }
  }

  /** What was not read is not fetched for the sake of the connection. */
  @Override
  public void close() throws IOException {
    if (ended) {
      answer.close();
    } else {
      answer.abort();
    }
  }
}
