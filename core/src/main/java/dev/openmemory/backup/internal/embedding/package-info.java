/** Asks the embedder of OpenMemory's settings for vectors, and checks what it answers. */
@NullMarked
package dev.openmemory.backup.internal.embedding;

import org.jspecify.annotations.NullMarked;
