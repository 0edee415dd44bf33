/** Streams of encrypted bytes, plain and in armor. */
@NullMarked
package dev.openmemory.backup.age.internal.stream;

import org.jspecify.annotations.NullMarked;
