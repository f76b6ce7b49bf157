package io.logarchive.infra.aws;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets some bulks pass, and holds the others until it is opened. */
final class Gate implements OpenSearchDoor.Guard {
  private final Semaphore free;
  private final CountDownLatch opened = new CountDownLatch(1);
  private final AtomicInteger held = new AtomicInteger();

  Gate(int free) {
    this.free = new Semaphore(free);
  }

  @Override
  public int answer() throws InterruptedException {
    if (!free.tryAcquire()) {
      held.incrementAndGet();
      opened.await();
    }
    return OpenSearchDoor.PASS;
  }

  boolean holdsSome() {
    return held.get() > 0;
  }

  void open() {
    opened.countDown();
  }
}
