/** Finds and removes unfinished uploads of processes that have ended. */
@NullMarked
package dev.openmemory.backup.storage.s3.internal.leftover;

import org.jspecify.annotations.NullMarked;
