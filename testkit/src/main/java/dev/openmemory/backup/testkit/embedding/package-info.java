/** A stand-in for the embedder that OpenMemory asks. */
@NullMarked
package dev.openmemory.backup.testkit.embedding;

import org.jspecify.annotations.NullMarked;
