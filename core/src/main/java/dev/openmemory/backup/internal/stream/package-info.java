/** Streams that measure, observe, check or decode the bytes that pass. */
@NullMarked
package dev.openmemory.backup.internal.stream;

import org.jspecify.annotations.NullMarked;
