package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.util.Objects;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reads one answer of the store to its end; failures are ours. */
public final class S3InputStream extends BlockInputStream {
  private final S3Operation operation;
  private final ResponseInputStream<GetObjectResponse> answer;
  private boolean ended;

  public S3InputStream(S3Operation operation, ResponseInputStream<GetObjectResponse> answer) {
    this.operation = operation;
    this.answer = answer;
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
