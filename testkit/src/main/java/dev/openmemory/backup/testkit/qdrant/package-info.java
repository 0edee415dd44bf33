/** A double of Qdrant that behaves as recorded, and misbehaves on demand. */
@NullMarked
package dev.openmemory.backup.testkit.qdrant;

import org.jspecify.annotations.NullMarked;
