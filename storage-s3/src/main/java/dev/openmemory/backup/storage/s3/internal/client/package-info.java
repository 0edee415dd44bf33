/** Talks to the store: requests, retries, time-outs, failures. */
@NullMarked
package dev.openmemory.backup.storage.s3.internal.client;

import org.jspecify.annotations.NullMarked;
