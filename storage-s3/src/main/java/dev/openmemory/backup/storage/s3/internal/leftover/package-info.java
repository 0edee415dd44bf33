/** Finds and removes uploads whose process has ended. */
@NullMarked
package dev.openmemory.backup.storage.s3.internal.leftover;

import org.jspecify.annotations.NullMarked;
