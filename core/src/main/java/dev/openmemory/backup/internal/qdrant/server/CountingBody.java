package dev.openmemory.backup.internal.qdrant.server;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;

/** A body that says how much of it has been taken for sending. */
final class CountingBody implements BodyPublisher {

  /** Told how many bytes of how many have been taken. */
  @FunctionalInterface
  interface Progress {
    void taken(long count, long total);
  }

  private final BodyPublisher body;
  private final Progress taken;
  private final AtomicLong count = new AtomicLong();

  CountingBody(BodyPublisher body, Progress taken) {
    this.body = body;
    this.taken = taken;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  /** Whether all of it has been taken; the last of it may still be on its way. */
  boolean isTaken() {
    return count.get() >= contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    body.subscribe(
        new Subscriber<>() {
          @Override
          public void onSubscribe(Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer bytes) {
            int length = bytes.remaining();
            subscriber.onNext(bytes);
            count(length);
          }

          @Override
          public void onError(Throwable failure) {
            subscriber.onError(failure);
          }

          @Override
          public void onComplete() {
            subscriber.onComplete();
          }
        });
  }

  private void count(int length) {
    taken.taken(count.addAndGet(length), contentLength());
  }
}
